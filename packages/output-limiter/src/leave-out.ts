/**
 * What stays of a conversation.
 *
 * @param note - on what is left out.
 * @param withNote - puts it into a message, the first one behind the gap.
 */
export function leaveOut<M>(
  messages: readonly M[],
  left: ReadonlySet<number>,
  note: string | undefined,
  withNote: (message: M, note: string) => M,
): M[] {
  const gap = Math.min(...left);
  let open = note;
  return messages.flatMap((message, index) => {
    if (left.has(index)) return [];
    if (open === undefined || index < gap) return [message];
    const noted = withNote(message, open);
    open = undefined;
    return [noted];
  });
}
