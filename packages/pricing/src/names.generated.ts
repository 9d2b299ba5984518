// Written by scripts/generate.ts from data/*.json. Change those and run it again.
export const NAMES: string = `Jurassic-2 Mid
Jurassic-2 Ultra
Jamba 1.5 Large
Jamba 1.5 Mini
Jamba-Instruct
Nova 2 Lite
Nova 2 Multimodal Embeddings
Nova 2 Omni
Nova 2 Pro (preview)
Nova 2 Sonic
Nova Canvas
Nova Lite
Nova Micro
Nova Premier
Nova Pro
Nova Reel
Nova Reel 1.1
Nova Sonic
Amazon Rerank 1.0
Titan Embeddings G1 - Text (02)
Titan Multimodal Embeddings G1
Titan Embeddings G1 - Text
Titan Text Embeddings V2
Titan Text G1 - Express
Titan Text G1 - Lite
Titan Text G1 - Premier
Claude 3.5 Haiku
Claude 3.5 Sonnet
Claude 3.5 Sonnet v2
Claude 3.7 Sonnet
Claude 3 Haiku
Claude 3 Opus
Claude 3 Sonnet
Claude Fable 5
Claude Fable 5.1
Claude Fable 5.2
Claude Haiku 4.5
Claude Haiku 5.5
Claude Instant
Claude Mythos 5
Claude Mythos 5.1
Claude Opus 4.1
Claude Opus 4
Claude Opus 4.5
Claude Opus 4.6
Claude Opus 4.7
Claude Opus 4.8
Claude Opus 5
Claude Opus 5.5
Claude Sonnet 4
Claude Sonnet 4.5
Claude Sonnet 4.6
Claude Sonnet 5
Claude Sonnet 5.5
Claude
Claude 2
Claude 2.1
Command Light
Command R+
Command R
Command
Embed English v3
Embed Multilingual v3
Embed v4
Rerank 3.5
DeepSeek-R1
DeepSeek-V3.1
DeepSeek V3.2
Gemma 3 12B IT
Gemma 3 27B IT
Gemma 3 4B IT
Gemma 4 26B A4B IT
Gemma 4 31B IT
Gemma 4 E2B IT
Ray 2
Llama 2 Chat 13B
Llama 2 Chat 70B
Llama 3.1 405B Instruct
Llama 3.1 70B Instruct
Llama 3.1 8B Instruct
Llama 3.2 11B Instruct
Llama 3.2 1B Instruct
Llama 3.2 3B Instruct
Llama 3.2 90B Instruct
Llama 3.3 70B Instruct
Llama 3 70B Instruct
Llama 3 8B Instruct
Llama 4 Maverick 17B Instruct
Llama 4 Scout 17B Instruct
MiniMax-M2
MiniMax-M2.1
MiniMax-M2.5
Devstral 2 123B
Magistral Small 1.2
Ministral 14B 3.0
Ministral 3 3B
Ministral 3 8B
Mistral 7B Instruct
Mistral Large (24.02)
Mistral Large (24.07)
Mistral Large 3
Mistral Small (24.02)
Mixtral 8x7B Instruct
Pixtral Large (25.02)
Voxtral Mini 3B 2507
Voxtral Small 24B 2507
Kimi K2 Thinking
Kimi K2.5
Kimi K3
Kimi K3.1 Pro Highspeed
NVIDIA Nemotron Nano 12B v2 VL BF16
NVIDIA Nemotron Nano 3 30B
NVIDIA Nemotron Nano 9B v2
NVIDIA Nemotron 3 Super 120B A12B
GPT-5.4
GPT-5.5
GPT-5.6 Luna
GPT-5.6 Sol
GPT-5.6 Terra
GPT-6 Astra
GPT-6 Luna
GPT-6 Sol
GPT-6.1 Sol
GPT-6.1 Terra
gpt-oss-120b
gpt-oss-120b
gpt-oss-20b
gpt-oss-20b
GPT OSS Safeguard 120B
GPT OSS Safeguard 20B
Qwen3 235B-A22B Instruct 2507
Qwen3 32B
Qwen3-Coder 30B-A3B Instruct
Qwen3-Coder 480B-A35B Instruct
Qwen3 Coder Next
Qwen3-Next 80B-A3B Instruct
Qwen3 VL 235B A22B Instruct
Stable Diffusion 3.5 Large
Stable Diffusion 3 Large
Stable Image Conservative Upscale
Stable Image Creative Upscale
Stable Image Fast Upscale
Stable Image Control Sketch
Stable Image Control Structure
Stable Image Core
Stable Image Erase Object
Stable Image Inpaint
Stable Image Remove Background
Stable Image Search and Recolor
Stable Image Search and Replace
Stable Image Style Guide
Stable Image Ultra
Stable Image Outpaint
Stable Image Style Transfer
Pegasus 1.2
Palmyra Vision 7B
Palmyra X4
Palmyra X5
Grok 4.3
Grok 4.6
Grok 4.7
GLM-4.7
GLM-4.7-Flash
GLM-5
GLM-5.3`;
