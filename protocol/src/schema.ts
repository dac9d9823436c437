/**
 * The part of JSON Schema (2020-12) that the wires use, and the TypeScript type that a schema stands for.
 * A shape is written once, as a schema; its type is derived by the compiler, so the two cannot drift apart.
 */
export type Schema =
  | { readonly type: 'string'; readonly maxLength?: number; readonly pattern?: string; readonly description?: string }
  | {
      readonly type: 'integer' | 'number';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly description?: string;
    }
  | { readonly type: 'boolean'; readonly description?: string }
  | { readonly type: 'null' }
  | { readonly const: string | number | boolean; readonly description?: string }
  | { readonly enum: readonly (string | number)[]; readonly description?: string }
  | { readonly anyOf: readonly Schema[]; readonly description?: string }
  | {
      readonly type: 'array';
      readonly items: Schema;
      readonly maxItems?: number;
      readonly description?: string;
    }
  | {
      readonly type: 'array';
      readonly prefixItems: readonly Schema[];
      readonly items: false;
      readonly minItems: number;
      readonly description?: string;
    }
  | {
      readonly type: 'object';
      readonly properties: { readonly [name: string]: Schema };
      readonly required: readonly string[];
      readonly additionalProperties: boolean;
      readonly description?: string;
    }
  | {
      readonly type: 'object';
      readonly additionalProperties: Schema;
      readonly maxProperties?: number;
      readonly description?: string;
    };

/** The value that a schema describes. */
export type FromSchema<S> = S extends { readonly const: infer Value }
  ? Value
  : S extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : S extends { readonly anyOf: readonly (infer Member)[] }
      ? FromEach<Member>
      : S extends { readonly type: 'string' }
        ? string
        : S extends { readonly type: 'integer' | 'number' }
          ? number
          : S extends { readonly type: 'boolean' }
            ? boolean
            : S extends { readonly type: 'null' }
              ? null
              : S extends { readonly prefixItems: infer Items; readonly minItems: infer Least }
                ? FromItems<Items, Least>
                : S extends { readonly type: 'array'; readonly items: infer Item }
                  ? readonly FromSchema<Item>[]
                  : S extends { readonly properties: infer Properties; readonly required: readonly (infer Name)[] }
                    ? FromProperties<Properties, Name>
                    : S extends { readonly type: 'object'; readonly additionalProperties: infer Value }
                      ? { readonly [name: string]: FromSchema<Value> }
                      : never;

/** What stands behind the `minItems`th item (one at most) may be absent. */
type FromItems<Items, Least> = Items extends { readonly length: Least }
  ? { readonly [Index in keyof Items]: FromSchema<Items[Index]> }
  : Items extends readonly [...infer Needed, infer Last]
    ? readonly [...{ readonly [Index in keyof Needed]: FromSchema<Needed[Index]> }, FromSchema<Last>?]
    : never;

type FromEach<Member> = Member extends unknown ? FromSchema<Member> : never;

type FromProperties<Properties, Name> = Flat<
  { readonly [Key in keyof Properties as Key extends Name ? Key : never]: FromSchema<Properties[Key]> } & {
    readonly [Key in keyof Properties as Key extends Name ? never : Key]?: FromSchema<Properties[Key]>;
  }
>;

type Flat<Shape> = { [Key in keyof Shape]: Shape[Key] };
