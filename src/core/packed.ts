/** Bytes: base64 where a model stands in JSON, or as they are where it was read from a file. */
export type Packed = string | Uint8Array;

/** The bytes that were packed; those of a file are not copied. */
export const bytesOf = (packed: Packed): Uint8Array =>
  typeof packed === 'string' ? Buffer.from(packed, 'base64') : packed;

/** Unsigned 32-bit numbers, little-endian; copied only when they do not start on a multiple of four. */
export const numbersOf = (packed: Packed): Uint32Array => {
  const bytes = bytesOf(packed);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >>> 2);
};
