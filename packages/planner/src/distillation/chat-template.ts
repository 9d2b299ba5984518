import type { TrainingExample, TrainingTurn } from './training-example.js';

/** A conversation that was written as one text. */
type Conversation = Pick<TrainingExample, 'system' | 'turns'>;
type Turn = { readonly role: TrainingTurn['role']; readonly text: string };

/** Llama 3 and 4: a header names who speaks (model cards of Meta, "Prompt format"). */
const HEADER =
  /<\|(?:start_header_id|header_start)\|>\s*(\w+)\s*<\|(?:end_header_id|header_end)\|>\s*([\s\S]*?)(?=<\|(?:eot_id|eot|eom_id|eom)\|>|<\|(?:start_header_id|header_start)\|>|$)/g;
/** Tokens of these templates, which no text holds by chance. */
const SPECIAL = /<\|[a-z_]+\|>|\[\/?INST\]|<<\/?SYS>>/;
/** Llama 2 and Mistral: instructions in brackets, answers behind them (model cards of Meta and Mistral). */
const INSTRUCTION = /\[INST\]([\s\S]*?)\[\/INST\]([\s\S]*?)(?=\[INST\]|$)/g;
const SYSTEM = /^\s*<<SYS>>([\s\S]*?)<<\/SYS>>/;
/** Begin and end of a text, and of a sentence. */
const EDGES = /<\|(?:begin_of_text|end_of_text)\|>|<\/?s>/g;

/**
 * Takes a prompt apart that was written in a chat template, since the job puts the student's own around every turn. A
 * text without one is a user's turn.
 *
 * @returns `undefined` where tokens of a template are left over: it is another one, or somebody speaks who is neither
 * system, user nor assistant.
 */
export function readTemplate(prompt: string): Conversation | undefined {
  const text = prompt.replaceAll(EDGES, '');
  if (!SPECIAL.test(text)) return { system: '', turns: [{ role: 'user', text: text.trim() }] };
  const found = text.includes('[INST]') ? readInstructions(text) : readHeaders(text);
  const isRead =
    found !== undefined &&
    ![found.system, ...found.turns.map((turn) => turn.text)].some((one) => SPECIAL.test(one));
  return isRead ? found : undefined;
}

function readHeaders(text: string): Conversation | undefined {
  const spoken = [...text.matchAll(HEADER)].map(([, role = '', said = '']) => ({ role, text: said.trim() }));
  if (spoken.length === 0 || !/^\s*<\|/.test(text)) return undefined;
  const turns = spoken.filter((one): one is Turn => one.role === 'user' || one.role === 'assistant');
  const system = spoken.filter(({ role }) => role === 'system').map((one) => one.text);
  if (turns.length + system.length < spoken.length) return undefined;
  // The header of the answer, with nothing behind it.
  const isOpen = turns.at(-1)?.role === 'assistant' && turns.at(-1)?.text === '';
  return { system: system.join('\n'), turns: isOpen ? turns.slice(0, -1) : turns };
}

function readInstructions(text: string): Conversation | undefined {
  if (text.slice(0, text.indexOf('[INST]')).trim() !== '') return undefined;
  let system = '';
  const turns: Turn[] = [];
  for (const [, instruction = '', said = ''] of text.matchAll(INSTRUCTION)) {
    const told = turns.length === 0 ? SYSTEM.exec(instruction) : null;
    if (told !== null) system = (told[1] ?? '').trim();
    turns.push({ role: 'user', text: instruction.slice(told?.[0].length ?? 0).trim() });
    if (said.trim() !== '') turns.push({ role: 'assistant', text: said.trim() });
  }
  return turns.length === 0 ? undefined : { system, turns };
}
