// Written by scripts/generate.ts from data/*.json. Change those and run it again.
export const REFUSALS: string = `anthropic.claude-fable-5 sampling prefill
anthropic.claude-fable-5-1 sampling prefill
anthropic.claude-fable-5-2 sampling prefill
anthropic.claude-haiku-4-5-20251001-v1:0 samplingPair
anthropic.claude-haiku-5-5 sampling prefill
anthropic.claude-mythos-5 sampling prefill
anthropic.claude-mythos-5-1 sampling prefill
anthropic.claude-opus-4-1-20250805-v1:0 samplingPair
anthropic.claude-opus-4-5-20251101-v1:0 samplingPair
anthropic.claude-opus-4-6-v1 samplingPair prefill
anthropic.claude-opus-4-7 sampling prefill
anthropic.claude-opus-4-8 sampling prefill
anthropic.claude-opus-5 sampling prefill
anthropic.claude-opus-5-5 sampling prefill
anthropic.claude-sonnet-4-5-20250929-v1:0 samplingPair
anthropic.claude-sonnet-4-6 samplingPair prefill
anthropic.claude-sonnet-5 sampling prefill
anthropic.claude-sonnet-5-5 sampling prefill`;
