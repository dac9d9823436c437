/** The JSON of an answer, as what the test expects it to be. */
export const bodyOf = async <Shape>(answer: Response): Promise<Shape> => (await answer.json()) as Shape;
