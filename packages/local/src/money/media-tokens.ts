/** Anthropic's published rule of thumb: an image costs its area in pixels over 750, at most 1,568 tokens. */
const PIXELS_PER_TOKEN = 750;
const MOST_IMAGE_TOKENS = 1_568;
/** Anthropic documents 1,500 to 3,000 tokens per PDF page; the middle stands for it (assumed). */
const TOKENS_PER_PDF_PAGE = 2_250;
/** What a second of video or audio counts is nowhere stated; per kilobyte keeps it growing with size (assumed). */
const TOKENS_PER_MEDIA_KILOBYTE = 4;

/** Tokens of an image from its pixel size; an unreadable image counts as a full-size one. */
export function imageTokens(base64: string): number {
  const size = imageSize(Buffer.from(base64.slice(0, 400_000), 'base64'));
  if (size === undefined) return MOST_IMAGE_TOKENS;
  return Math.min(MOST_IMAGE_TOKENS, Math.max(1, Math.ceil((size.width * size.height) / PIXELS_PER_TOKEN)));
}

/** Tokens of a PDF from the number of its page objects. */
export function pdfTokens(base64: string): number {
  const pages =
    Buffer.from(base64, 'base64')
      .toString('latin1')
      .match(/\/Type\s*\/Page(?![a-z])/gi)?.length ?? 0;
  return Math.max(1, pages) * TOKENS_PER_PDF_PAGE;
}

/** Tokens of video and audio, by size. */
export function mediaTokens(base64: string): number {
  return Math.ceil((base64.length * 0.75) / 1024) * TOKENS_PER_MEDIA_KILOBYTE;
}

function imageSize(bytes: Buffer): { readonly width: number; readonly height: number } | undefined {
  if (bytes.length >= 24 && bytes.toString('latin1', 1, 4) === 'PNG') {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length >= 10 && bytes.toString('latin1', 0, 3) === 'GIF') {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  if (bytes.length >= 30 && bytes.toString('latin1', 8, 15) === 'WEBPVP8' && bytes[15] === 0x58) {
    return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  }
  return bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8 ? jpegSize(bytes) : undefined;
}

function jpegSize(bytes: Buffer): { readonly width: number; readonly height: number } | undefined {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // Start-of-frame markers carry the size; C4, C8 and CC share the range but are tables.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
