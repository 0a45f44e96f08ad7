/** The addon; typed in src/native.ts. */
declare const binding: unknown
export = binding
