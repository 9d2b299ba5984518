// Written by scripts/generate.ts from data/*.json. Change those and run it again.
export const REFUSALS: string = `amazon.nova-micro-v1:0 images
anthropic.claude-fable-5 sampling prefill thinkingBudget
anthropic.claude-fable-5-1 sampling prefill thinkingBudget
anthropic.claude-fable-5-2 sampling prefill thinkingBudget
anthropic.claude-haiku-4-5-20251001-v1:0 samplingPair
anthropic.claude-haiku-5-5 sampling prefill thinkingBudget
anthropic.claude-mythos-5 sampling prefill thinkingBudget
anthropic.claude-mythos-5-1 sampling prefill thinkingBudget
anthropic.claude-opus-4-1-20250805-v1:0 samplingPair
anthropic.claude-opus-4-5-20251101-v1:0 samplingPair
anthropic.claude-opus-4-6-v1 samplingPair prefill
anthropic.claude-opus-4-7 sampling prefill thinkingBudget
anthropic.claude-opus-4-8 sampling prefill thinkingBudget
anthropic.claude-opus-5 sampling prefill thinkingBudget
anthropic.claude-opus-5-5 sampling prefill thinkingBudget
anthropic.claude-sonnet-4-5-20250929-v1:0 samplingPair
anthropic.claude-sonnet-4-6 samplingPair prefill
anthropic.claude-sonnet-5 sampling prefill thinkingBudget
anthropic.claude-sonnet-5-5 sampling prefill thinkingBudget
meta.llama3-1-405b-instruct-v1:0 streamedTools
meta.llama3-1-70b-instruct-v1:0 streamedTools
meta.llama3-1-8b-instruct-v1:0 streamedTools
meta.llama3-2-11b-instruct-v1:0 streamedTools
meta.llama3-2-1b-instruct-v1:0 streamedTools
meta.llama3-2-3b-instruct-v1:0 streamedTools
meta.llama3-2-90b-instruct-v1:0 streamedTools
meta.llama3-3-70b-instruct-v1:0 streamedTools
meta.llama4-maverick-17b-instruct-v1:0 streamedTools
meta.llama4-scout-17b-instruct-v1:0 streamedTools
mistral.mistral-large-2402-v1:0 streamedTools
mistral.mistral-large-2407-v1:0 streamedTools
mistral.mistral-small-2402-v1:0 streamedTools
openai.gpt-5.6-luna images
writer.palmyra-vision-7b-v1:0 streamedTools
writer.palmyra-x4-v1:0 streamedTools
writer.palmyra-x5-v1:0 streamedTools`;
