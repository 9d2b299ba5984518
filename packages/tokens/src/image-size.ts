/** Width and height of a picture in pixels. @internal */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the size from the header of a PNG, JPEG, GIF or WebP, the formats that Bedrock takes. Own code, because
 * it runs on the way of every call with pictures and reads a few bytes; the packages for it know thirty formats.
 *
 * @returns `undefined` when the bytes are none of these, or cut off before the size
 * @internal
 */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  if (bytes.length < 24) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint32(0);
  if (head === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (head === 0x47494638) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (head >>> 16 === 0xffd8) return jpegSize(view);
  if (head === 0x52494646 && view.getUint32(8) === 0x57454250) return webpSize(view);
  return undefined;
}

function jpegSize(view: DataView): ImageSize | undefined {
  let offset = 2;
  while (offset + 9 < view.byteLength) {
    if (view.getUint8(offset) !== 0xff) return undefined;
    const marker = view.getUint8(offset + 1);
    // Padding, and markers that carry no length.
    if (marker === 0xff) offset += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) offset += 2;
    // Start of frame, except the tables that share its range.
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
    } else offset += 2 + view.getUint16(offset + 2);
  }
  return undefined;
}

function webpSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30) return undefined;
  const chunk = view.getUint32(12);
  // "VP8X": one less, in 24 bits. "VP8L": one less, in 14 bits. "VP8 ": in 14 bits behind the start code.
  if (chunk === 0x56503858) {
    const size = (offset: number): number =>
      1 + view.getUint16(offset, true) + (view.getUint8(offset + 2) << 16);
    return { width: size(24), height: size(27) };
  }
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (chunk === 0x56503820) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  return undefined;
}
