/** An SVG as a PNG, twice as fine. Null: this browser cannot, or it would be larger than it draws. */
export async function pngOf(svg: string, width: number, height: number): Promise<Blob | null> {
  const scale = Math.min(FINE, EDGE_MAX / Math.max(width, height));
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

const FINE = 2;
/** Browsers draw no canvas that is larger (Firefox: 11,180 for a square). */
const EDGE_MAX = 8_000;
