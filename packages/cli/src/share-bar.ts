import pc from 'picocolors';

/** A bar of a share of something, as wide as `width` characters when the share is 1. */
export function shareBar(share: number, width: number): string {
  const filled = Math.min(width, Math.max(share > 0 ? 1 : 0, Math.round(share * width)));
  return pc.cyan('█'.repeat(filled)) + pc.dim('░'.repeat(width - filled));
}
