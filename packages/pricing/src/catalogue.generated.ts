// Written by scripts/generate.ts from data/*.json. Change those and run it again.
/** Date of the newest source in the catalogue. */
export const PRICES_AS_OF: string = '2026-11-22';
/** Names one state of the catalogue: date of the newest source and a hash of the content. */
export const PRICE_VERSION: string = '2026-11-22+ebc23efd';
export const SOURCES: string = `aws-list-2026-10 2026-10-08
aws-list-2026-09-30 2026-09-30
aws-list-2026-09-17 2026-09-17
aws-list-2026-08-20 2026-08-20
aws-page-2026-07-24 2026-07-24
models.dev-2026-11-10 2026-11-10
models.dev-2026-09-28 2026-09-28
litellm-2026-08-01 2026-08-01
portkey-2026-08-21 2026-08-21
derived 2026-11-22
aws-user-guide-2026-11 2026-11-22`;
export const FAMILIES: string = `dai21 f100010000 t hnone b1 c ya
dai21 f111011000 t hnone b1 c ya
dnova f111111010 t hnone b1 c1024,4,20000,5m,sm,ei,d a346 yd
dnova f111111010 tflex,priority hoptional b1 c1024,4,20000,5m,sm,ei,d a346a yd
kspeech dunknown f011001000 t hnone b1 c ya
kimage dunknown f000000000 t hnone b1 c ya
dtitan-text f110010000 t hnone b1 c ya
kembedding dtitan-embed f000000000 t hnone b1 c ya
krerank drerank f000000000 t hnone b1 c ya
danthropic f110001000 t hnone b1 c ya
danthropic f111111010 t hnone b1 c a3468b yd
danthropic f111111011 t hnone b1 c a3468b yd
danthropic f111111011 t hoptional b5 c1024,4,,5m,tsm,ei,d a3468 yd
danthropic f111111011 t hoptional b5 c1024,4,,5m,tsm,ei,d a3468 yd
danthropic f111111111 treserved hoptional b5 c4096,4,,5m+1h,tsm,ei,d a3468 yd
danthropic f111111000 t hoptional b5 c4096,4,,5m+1h,tsm,ei,d a348a yd
danthropic f111111000 t hdefault b10 c512,4,,5m+1h,tsm,ei,d a34 yd
dcohere-command f110010000 t hnone b1 c ya
dcohere-command f111011000 t hnone b1 c ya
kembedding dcohere-embed f000000000 t hnone b1 c a8 yd
krerank drerank f000000000 t hnone b1 c ya
dopenai f111001110 tflex,priority hnone b1 c ya
dopenai f111111110 t hnone b1 c ya
kvideo dunknown f000000000 t hnone b1 c ya
dllama f110011000 t hnone b1 c ya
dllama f110011000 t hnone b1 c ya
dllama f111011010 t hnone b1 c ya
dllama f111111010 t hnone b1 c ya
dopenai f111001110 tflex,priority hdefault b1 c ya
dmistral f110010000 t hnone b1 c ya
dmistral f111011000 t hnone b1 c ya
dopenai f111011110 t hnone b1 c ya
dopenai f111001110 tflex,priority hdefault b1 c ya
dopenai f111001110 t hoptional b1 c ya
dopenai f111001110 tflex,priority halways b1 c ya
dopenai f111111100 t hdefault b1 c1024,4,,30m,tsm,i,a ya
dopenai f111001110 tflex,priority hoptional b1 c ya
kimage dunknown f000100000 t hnone b1 c ya
kvideo dunknown f000000000 t hnone b1 c ya
dopenai f111011000 t hnone b1 c ya
dopenai f111011100 t hdefault b1 c ya
dopenai f111001110 t hdefault b1 c ya`;
export const IDS: string = `ai21.j2-mid-v1
ai21.j2-ultra-v1
ai21.jamba-1-5-large-v1:0
ai21.jamba-1-5-mini-v1:0
ai21.jamba-instruct-v1:0
amazon.nova-2-lite-v1:0
amazon.nova-2-multimodal-embeddings-v1:0
amazon.nova-2-omni
amazon.nova-2-pro-preview-20251202-v1:0
amazon.nova-2-sonic-v1:0
amazon.nova-canvas-v1:0
amazon.nova-lite-v1:0
amazon.nova-micro-v1:0
amazon.nova-premier-v1:0
amazon.nova-pro-v1:0
amazon.nova-reel-v1:0
amazon.nova-reel-v1:1
amazon.nova-sonic-v1:0
amazon.rerank-v1:0
amazon.titan-embed-g1-text-02
amazon.titan-embed-image-v1
amazon.titan-embed-text-v1
amazon.titan-embed-text-v2:0
amazon.titan-text-express-v1
amazon.titan-text-lite-v1
amazon.titan-text-premier-v1:0
anthropic.claude-3-5-haiku-20241022-v1:0
anthropic.claude-3-5-sonnet-20240620-v1:0
anthropic.claude-3-5-sonnet-20241022-v2:0
anthropic.claude-3-7-sonnet-20250219-v1:0
anthropic.claude-3-haiku-20240307-v1:0
anthropic.claude-3-opus-20240229-v1:0
anthropic.claude-3-sonnet-20240229-v1:0
anthropic.claude-fable-5
anthropic.claude-fable-5-1
anthropic.claude-fable-5-2
anthropic.claude-haiku-4-5-20251001-v1:0
anthropic.claude-haiku-5-5
anthropic.claude-instant-v1
anthropic.claude-mythos-5
anthropic.claude-mythos-5-1
anthropic.claude-opus-4-1-20250805-v1:0
anthropic.claude-opus-4-20250514-v1:0
anthropic.claude-opus-4-5-20251101-v1:0
anthropic.claude-opus-4-6-v1
anthropic.claude-opus-4-7
anthropic.claude-opus-4-8
anthropic.claude-opus-5
anthropic.claude-opus-5-5
anthropic.claude-sonnet-4-20250514-v1:0
anthropic.claude-sonnet-4-5-20250929-v1:0
anthropic.claude-sonnet-4-6
anthropic.claude-sonnet-5
anthropic.claude-sonnet-5-5
anthropic.claude-v1
anthropic.claude-v2
anthropic.claude-v2:1
cohere.command-light-text-v14
cohere.command-r-plus-v1:0
cohere.command-r-v1:0
cohere.command-text-v14
cohere.embed-english-v3
cohere.embed-multilingual-v3
cohere.embed-v4:0
cohere.rerank-v3-5:0
deepseek.r1-v1:0
deepseek.v3-v1:0
deepseek.v3.2
google.gemma-3-12b-it
google.gemma-3-27b-it
google.gemma-3-4b-it
google.gemma-4-26b-a4b
google.gemma-4-31b
google.gemma-4-e2b
luma.ray-v2:0
meta.llama2-13b-chat-v1
meta.llama2-70b-chat-v1
meta.llama3-1-405b-instruct-v1:0
meta.llama3-1-70b-instruct-v1:0
meta.llama3-1-8b-instruct-v1:0
meta.llama3-2-11b-instruct-v1:0
meta.llama3-2-1b-instruct-v1:0
meta.llama3-2-3b-instruct-v1:0
meta.llama3-2-90b-instruct-v1:0
meta.llama3-3-70b-instruct-v1:0
meta.llama3-70b-instruct-v1:0
meta.llama3-8b-instruct-v1:0
meta.llama4-maverick-17b-instruct-v1:0
meta.llama4-scout-17b-instruct-v1:0
minimax.minimax-m2
minimax.minimax-m2.1
minimax.minimax-m2.5
mistral.devstral-2-123b
mistral.magistral-small-2509
mistral.ministral-3-14b-instruct
mistral.ministral-3-3b-instruct
mistral.ministral-3-8b-instruct
mistral.mistral-7b-instruct-v0:2
mistral.mistral-large-2402-v1:0
mistral.mistral-large-2407-v1:0
mistral.mistral-large-3-675b-instruct
mistral.mistral-small-2402-v1:0
mistral.mixtral-8x7b-instruct-v0:1
mistral.pixtral-large-2502-v1:0
mistral.voxtral-mini-3b-2507
mistral.voxtral-small-24b-2507
moonshot.kimi-k2-thinking
moonshotai.kimi-k2.5
moonshotai.kimi-k3
moonshotai.kimi-k3.1
nvidia.nemotron-nano-12b-v2
nvidia.nemotron-nano-3-30b
nvidia.nemotron-nano-9b-v2
nvidia.nemotron-super-3-120b
openai.gpt-5.4
openai.gpt-5.5
openai.gpt-5.6-luna
openai.gpt-5.6-sol
openai.gpt-5.6-terra
openai.gpt-6-astra
openai.gpt-6-luna
openai.gpt-6-sol
openai.gpt-6.1-sol
openai.gpt-6.1-terra
openai.gpt-oss-120b
openai.gpt-oss-120b-1:0
openai.gpt-oss-20b
openai.gpt-oss-20b-1:0
openai.gpt-oss-safeguard-120b
openai.gpt-oss-safeguard-20b
qwen.qwen3-235b-a22b-2507-v1:0
qwen.qwen3-32b-v1:0
qwen.qwen3-coder-30b-a3b-v1:0
qwen.qwen3-coder-480b-a35b-v1:0
qwen.qwen3-coder-next
qwen.qwen3-next-80b-a3b
qwen.qwen3-vl-235b-a22b
stability.sd3-5-large-v1:0
stability.sd3-large-v1:0
stability.stable-conservative-upscale-v1:0
stability.stable-creative-upscale-v1:0
stability.stable-fast-upscale-v1:0
stability.stable-image-control-sketch-v1:0
stability.stable-image-control-structure-v1:0
stability.stable-image-core-v1:1
stability.stable-image-erase-object-v1:0
stability.stable-image-inpaint-v1:0
stability.stable-image-remove-background-v1:0
stability.stable-image-search-recolor-v1:0
stability.stable-image-search-replace-v1:0
stability.stable-image-style-guide-v1:0
stability.stable-image-ultra-v1:1
stability.stable-outpaint-v1:0
stability.stable-style-transfer-v1:0
twelvelabs.pegasus-1-2-v1:0
writer.palmyra-vision-7b-v1:0
writer.palmyra-x4-v1:0
writer.palmyra-x5-v1:0
xai.grok-4.3
xai.grok-4.6
xai.grok-4.7
zai.glm-4.7
zai.glm-4.7-flash
zai.glm-5
zai.glm-5.3`;
export const PRICES: string = `r;s;3;12.5 12.5
r;s;3;18.8 18.8
r;s;3;2 8
r;s;3;.2 .4
r;s;3;.5 .7
g;s;0;.3 2.5 .075 0/g;b;0;*.5:2/g;f;0;*.5/g;p;0;*1.75/urp;s;0;*1.1/ur;b;0;*.5:2/ur;f;0;*.5/ur;p;0;*1.75/e;s;5;.374 3.157 .0935 0/j;s;0;.396 3.311 .099 0/rjp;S;3;w=.396 3.311 .099 0/r;S;3;e=.352 2.97,f=.374 3.091/re;S;3;i=.429 3.597,k=.363 2.992,l=.528 4.411,m=.363 3.205,p=.484 4.059/re;S;3;n=.374 3.157 .0935 0/ru;S;3;c=.429 3.351/x;s;9;.33 2.75
r;s;3;.135;;image=0.00006 documentImage=0.0006 videoSecond=0.0007 audioSecond=0.00014/r;b;3;*.5;;image=0.00003 documentImage=0.00048 videoSecond=0.00056 audioSecond=0.000112
g;s;0;.3 2.5;;audioInputToken=0.000001 imageOutputToken=0.00004/g;f;0;.2 1.3/g;p;0;.5 4.4/r;s;0;.3 2.8;;audioInputToken=0.0000011 imageOutputToken=0.000044/r;b;0;.2 1.4/r;f;0;.2 1.4/r;p;0;.6 4.8/r;S;3;e=.4 2.9,f=.4 3.1,c=.4 3.5
g;s;3;1.25 10/g;f;3;*.5/g;p;3;*1.75/ur;s;3;*1.1/ur;p;3;*1.75/ru;b;3;*.5/r;S;3;e=1.463 11.726,f=1.551 12.386/ru;S;3;c=1.771 14.124
r;s;3;.33 2.75;;speechInputToken=0.000003 speechOutputToken=0.000012/r;S;3;w=.396 3.311,k=.363 2.992,d=.319 2.651
r;s;4;;;imageStandard1024=0.04 imagePremium1024=0.06 imageStandard2048=0.06 imagePremium2048=0.08
ur;s;2;.06 .24 .015 0/ru;b;2;*.5:2/e;s;5;.069 .276 .01725 0/p;s;2;.063 .252 .01575 0/c;s;2;.064 .256 .016 0/rp;S;3;v=.072/rp;S;3;wFH=.072 .288,xz=.071 .284,B=.081 .324,E=.065 .26/rp;S;3;C=.063 .252 .01575 0/rc;S;3;e=.064 .256 .016 0/re;S;3;i=.078 .312,k=.065 .26,l=.096 .384,m=.066 .264,o=.084 .336,p=.088 .352/re;S;3;n=.069 .276 .01725 0/r;S;3;q=.075 .3/ru;S;3;c=.077 .308/x;s;9;.06 .24
ur;s;2;.035 .14 .00875 0/ru;b;2;*.5:2/e;s;5;.04 .16 .01 0/p;s;2;.037 .148 .00925 0/rp;S;3;w=.042 .168,xz=.041 .164,B=.047 .188/rp;S;3;C=.037 .148 .00925 0/rp;S;3;F=.042/re;S;3;i=.046 .184,k=.038 .152,l=.056 .224,m=.039 .156,o=.049 .196,p=.052 .208/re;S;3;n=.04 .16 .01 0/r;S;3;q=.044 .176/x;s;9;.035 .14
u;s;2;2.5 12.5 .625 0/ur;p;2;*1.75:2/r;s;2;2.5 12.5 .625 0;+5/ru;b;2;*.5:2
ur;s;2;.8 3.2 .2 0/ur;p;2;*1.75/ur;l;2;1 4/ur;f;2;*.5/ru;b;2;*.5:2/e;s;5;.92 3.68 .23 0/p;s;2;.84 3.36 .21 0/rp;S;3;w=.96 3.84,x=.95 3.8,z=.94 3.76,B=1.08 4.32,E=.87 3.48/rp;S;3;C=.84 3.36 .21 0/rp;S;3;F=.96/re;S;3;i=1.05 4.2,k=.87 3.48,l=1.28 5.21,m=.88 3.52,o=1.13 4.52,p=1.18 4.72/re;S;3;n=.92 3.68 .23 0/r;S;3;q=1 4/ru;S;3;c=1.03 4.12/x;s;9;.8 3.2
r;s;4;;;videoSecond720p=0.08
r;s;4;;;videoSecond720p=0.08
r;s;3;.06 .24;;speechInputToken=0.0000034 speechOutputToken=0.0000136/r;S;3;w=*1.2,k=.065 .26
r;s;4;;;query=0.001
r;s;7;.1
r;s;7;.8;;image=0.00006
r;s;3;.1/r;S;3;wi=.2,z=.12
r;s;3;.02/r;b;3;.01/r;S;3;w=.029,x=.024592,yAj=.027,zc=.024,B=.028,Cn=.026004,eo=.1,ig=.2,km=.021,l=.023,p=.03
r;s;3;.2 .6/r;S;3;w=.275 .825,z=1 1.9,Cp=.25 .788,e=.3 .8,i=.3 .863,n=1 1.7,o=.3 .9,g=.4 1.1
r;s;3;.15 .2/r;S;3;z=.4 .5,Cp=.2 .25,eo=.2 .3,ng=*2
r;s;3;.5 1.5
ur;s;3;.8 4 .08 1 1.6;?4/ur;b;3;.4 2/ur;l;3;1 5/e;s;4;.8 4 .08 1 1.6;?4
urep;s;3;3 15/urep;b;3;*.5/rue;s;4;*2;@2025-12-01/r;S;3;wxzBC=*.5/rue;b;4;*.5;@2025-12-01/r;B;3;wxzBC=1.5 7.5
urep;s;3;3 15 .3 3.75 6;?4/urep;b;3;*.5:2/ru;s;4;6 30 .6 7.5;@2025-12-01/r;S;3;wxyzABCklmnp=*.5/ru;b;4;3 15;@2025-12-01/r;B;3;wxyzABCklmnp=1.5 7.5
ure;s;3;3 15 .3 3.75/ure;b;3;*.5:2
urep;s;3;.25 1.25/urep;b;3;*.5
ure;s;3;15 75/ur;b;3;*.5
urep;s;3;3 15/ur;b;3;*.5
g;s;3;10 50 1 12.5 20;+5/u;s;3;*1.1;+5/r;s;3;11 55 1.1 13.75 22/e;s;4;11 55 1.1 13.75 22;+5
g;s;5;10 50 .25 12.5 20;?4/ure;s;5;*1.1;?4
g;s;5;8 40 .2 10 16;?4/ur;s;5;*1.1;?4
g;s;1;1 5 .1 1.25 2;+5 ?4/g;b;1;*.5:2/uejai;s;1;*1.1;+5 ?4/urejapi;b;1;*.5:2/rp;s;1;1.1 5.5 .11 1.375 2.2;?4
g;s;5;.1 .5 .01 .125 .2;?4/g;s;5;*5;>100000 ?4/ureja;s;5;*1.1;?4/ureja;s;5;*5;>100000 ?4/v;s;5;.12 .6 .012 .15 .24;?4/v;s;5;*5;>100000 ?4
ur;s;3;.8 2.4


ur;s;3;15 75 1.5 18.75;+5/e;s;3;15 75 1.5 18.75/ure;s;10;;@2026-10-08
ure;s;3;15 75 1.5 18.75/ure;b;3;*.5:2
g;s;3;5 25 .5 6.25 10;+5/g;b;3;*.5:2/u;s;3;*1.1;+5/ure;b;3;*.5:2/r;s;3;5.5 27.5 .55 6.875 11/e;s;4;5.5 27.5 .55 6.875 11;+5
g;s;0;5 25 .5 6.25 10;+5/g;b;0;*.5:2/urea;s;0;*1.1;+5/urea;b;0;*.5:2
g;s;0;5 25 .5 6.25 10;+5/ueja;s;0;*1.1;+5/r;s;0;5.5 27.5 .55 6.875 11
g;s;3;5 25 .5 6.25 10;+5/uja;s;3;*1.1;+5/r;s;3;5.5 27.5 .55 6.875 11/e;s;4;5.5 27.5 .55 6.875 11;+5/v;s;3;6 30 .6 7.5 12
g;s;3;5 25 .5 6.25 10;+5 ?4/g;b;3;*.5:2/urjai;s;3;*1.1;+5 ?4/urejai;b;3;*.5:2/e;s;5;5.5 27.5 .55 6.875 11;?4/v;s;3;6 30 .6 7.5 12;?4/v;b;3;3 15
g;s;1;4 20 .2 5 8;+5 ?4/ueja;s;1;*1.1;+5 ?4/r;s;1;4.4 22 .22 5.5 8.8;?4/v;s;1;4.8 24 .24 6 9.6;?4
gurep;s;3;3 15 .3 3.75;+5/gurep;b;3;*.5:2/gurep;s;3;*2 1.5;=200000
g;s;3;3 15 .3 3.75 6;+5/g;b;3;*.5:2/ueja;s;3;*1.1;+5/ureja;b;3;*.5:2/r;s;3;3.3 16.5 .33 4.125 6.6/v;s;3;3.6 18 .36 4.5 7.2
g;s;3;3 15 .3 3.75 6;+5/g;b;3;*.5:2/urja;s;3;*1.1;+5/urja;b;3;*.5:2/e;s;4;3.3 16.5 .33 4.125 6.6;+5/e;b;4;*.5:2
g;s;3;2 10 .2 2.5 4;+5 ?4/ujai;s;3;*1.1;+5 ?4/r;s;3;2.2 11 .22 2.75 4.4;?4/e;s;4;2.2 11 .22 2.75 4.4;+5 ?4/v;s;3;2.4 12 .24 3 4.8;?4
g;s;0;2 10 .1 2.5 4;@2026-10-08 +5 ?4/uea;s;0;*1.1;@2026-10-08 +5 ?4/r;s;0;2.2 11 .11 2.75 4.4;@2026-10-08 ?4/v;s;0;2.4 12 .12 3 4.8;@2026-10-08 ?4/g;s;0;2 10 .2 2.5 4/uea;s;0;*1.1/r;s;0;2.2 11 .22 2.75 4.4/v;s;0;2.4 12  3 4.8;?4
r;s;8;8 24
u;s;3;8/r;s;3;8 24
u;s;3;8/r;s;3;8 24
r;s;3;.3 .6
r;s;3;3 15
r;s;3;.5 1.5
r;s;3;1 2
r;s;3;.1
r;s;3;.1
r;s;3;.12
r;s;4;;;query=0.002
ur;s;3;1.35 5.4;+6
r;s;3;.58 1.68;+5/r;b;3;*.5/r;f;3;*.5/r;p;3;*1.75/r;S;3;w=.701666 2.03241,z=.682424 1.97668,C=*1.03,D=.6 1.74,ilng=*1.2,o=.899985 2.60685
u;s;3;.62 1.85/r;s;3;.62 1.85;+5/ru;b;3;*.5/e;s;3;.74 2.22/r;S;3;wzDg=.74 2.22,C=.64 1.91/re;S;3;ikln=.74 2.22,o=.961 2.8675
r;s;3;.09 .29;+6/r;b;3;.05 .15/r;S;3;wg=.11 .35,zln=.11 .34,C=*1.03,Dik=*1.2,o=.14 .45
r;s;3;.23 .38;+6/r;b;3;.12 .19/r;S;3;wg=.28 .46,zln=.27 .45,C=*1.03,Dik=*1.2,o=.36 .59
r;s;3;.04 .08;+6/r;b;3;*.5/r;S;3;wg=.05 .1,zln=.05 .09,C=*1.03,Dik=*1.2,o=.06 .12
r;s;3;.13 .4;+5/r;b;3;*.5/r;S;3;i=*1.2
r;s;3;.14 .4;+5/r;b;3;*.5/r;S;3;i=*1.2
r;s;3;.04 .08;+5/r;b;3;*.5/r;S;3;i=*1.2
r;s;4;;;videoSecond540p=0.75 videoSecond720p=1.5
r;s;3;.75 1
r;s;3;1.95 2.56
ur;l;3;3 3/ru;s;3;2.4 2.4/ru;b;3;*.5
u;s;5;.72 .72/ur;l;3;.9 .9/r;s;3;.72 .72;+5/ru;b;3;*.5
ur;s;3;.22 .22;+5/ru;b;3;*.5
ru;s;3;.16 .16/ru;b;3;*.5
ur;s;3;.1 .1/ru;b;3;*.5/e;s;3;.13 .13/re;S;3;ip=.13 .13,n=.11 .11
ur;s;3;.15 .15/ru;b;3;*.5/e;s;3;.19 .19/re;S;3;i=.19 .19,n=.17 .17,p=.2 .2
ru;s;3;.72 .72/ru;b;3;*.5
ur;s;3;.72 .72;+5/ru;b;3;*.5/x;s;9;.72 .72
r;s;3;2.65 3.5/r;S;3;z=*1.2,e=3.05 4.03,o=3.45 4.55,g=4.45 5.88
r;s;3;.3 .6/r;S;3;z=*1.2,e=.35 .69,o=.39 .78,g=.5 1.01
ur;s;3;.24 .97;+5/ur;b;3;*.5/r;f;8;*.5/r;p;8;*1.75
ur;s;3;.17 .66;+5/ur;b;3;*.5/r;f;8;*.5/r;p;8;*1.75
r;s;3;.3 1.2;+5/r;b;3;*.5/r;p;3;*1.75/r;S;3;wg=.36 1.45,zln=.35 1.41,C=*1.03,Dik=*1.2,o=.47 1.86
r;s;3;.3 1.2;+5/r;b;3;*.5/r;S;3;wzDiklng=*1.2,C=.31 1.24,o=.47 1.86
r;s;3;.3 1.2;+5/r;b;3;*.5/r;S;3;wzDiklng=*1.2,C=.31 1.24,o=.47 1.86
r;s;3;.4 2;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=*1.2,C=.41 2.06,o=*1.55
r;s;3;.5 1.5;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wg=.61 1.82,zln=.59 1.76,C=*1.03,Dik=*1.2,o=.78 2.33
r;s;3;.2 .2;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDikg=*1.2,C=*1.03,ln=.23 .23,o=*1.55
r;s;3;.1 .1;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=*1.2,C=*1.03,o=.16 .16
r;s;3;.15 .15;+5/r;b;3;.07 .07/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=*1.2,C=*1.03,o=.23 .23
r;s;3;.15 .2/r;f;8;*.5/r;p;8;*1.75/r;S;3;z=*1.2,Cop=.2 .26,e=.17 .23,n=.16 .22,g=.25 .34
r;s;3;4 12/r;f;8;2 6/r;p;8;7 21/r;S;3;z=*1.2,Cop=5.2 15.6,e=4.6 13.8,n=4.3 13,g=6.7 20.2
r;s;3;2 6/r;b;3;1.5 4.5/r;f;8;1 3/r;p;8;*1.75
r;s;3;.5 1.5;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wg=.61 1.82,z=.59 1.76,C=*1.03,Dikln=*1.2,o=*1.55
r;s;3;1 3/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75
r;s;3;.45 .7/r;f;8;*.5/r;p;8;*1.75/r;S;3;z=*1.2,Cop=.59 .91,e=.52 .81,n=.49 .76,g=.76 1.18
ure;s;3;2 6;+5/r;f;8;1 3/r;p;8;*1.75
r;s;3;.04 .04;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzlng=.05 .05,C=*1.03,Dik=*1.2,o=.06 .06
r;s;3;.1 .3;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wDikg=*1.2,zln=.12 .35,C=*1.03,o=.16 .47
r;s;3;.6 2.5;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wg=.73 3.03,z=.71 2.94,C=*1.03,Dikln=*1.2,o=*1.55
r;s;3;.6 3;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=*1.2,C=.62 3.09,o=*1.55
g;s;5;3 15 .3   3.75/u;s;5;*1.1
g;s;5;4 20 .2   5/u;s;5;*1.1
r;s;3;.2 .6;+5/r;b;3;*.5/r;S;3;wg=.24 .73,z=.24 .71,C=*1.03,Dik=*1.2,ln=.23 .7,o=*1.55
r;s;3;.06 .24;+5/r;b;3;*.5/r;S;3;wg=.07 .29,zln=.07 .28,C=*1.03,Dik=*1.2,o=.09 .37
r;s;3;.06 .23;+5/r;b;3;.03 .12/r;S;3;wg=.07 .28,zln=.07 .27,C=*1.03,Dik=*1.2,o=.09 .36
r;s;3;.15 .65;+5/r;b;3;*.5/r;S;3;wzDiklng=*1.2,C=.15 .67,o=.23 1.01
r;s;5;2.75 16.5 .275
r;s;5;5.5 33 .55
g;s;5;.2 1.2 .02   .25;@2026-07-30/g;s;5;*2 1.5;@2026-07-30 >272000/uri;s;5;*1.1;@2026-07-30/uri;s;5;*2 1.5;@2026-07-30 >272000/uri;s;5;*5
g;s;5;4 20 .4   5;@2026-08-21/g;s;5;*2 1.5;@2026-08-21 >272000/ur;s;5;*1.1;@2026-08-21/ur;s;5;*2 1.5;@2026-08-21 >272000/ur;s;5;5.5 33 .55   6.875/g;s;5;5 30 .5   6.25
g;s;5;2 12 .2   2.5;@2026-07-30/g;s;5;*2 1.5;@2026-07-30 >272000/uri;s;5;*1.1;@2026-07-30/uri;s;5;*2 1.5;@2026-07-30 >272000/uri;s;5;2.75 16.5 .275   3.4375
g;s;1;10 50 1   12.5;+5/g;s;1;*2 1.5;>272000/ur;s;1;*1.1;+5/ur;s;1;*2 1.5;>272000
g;s;5;.1 .5 .01   .125/g;s;5;*2 1.5;>272000/ur;s;5;*1.1/ur;s;5;*2 1.5;>272000
g;s;5;2 10 .2   2.5/g;s;5;*2 1.5;>272000/ur;s;5;*1.1/ur;s;5;*2 1.5;>272000
g;s;5;2 10 .1   2.5/g;s;5;*2 1.5;>272000/ur;s;5;*1.1/ur;s;5;*2 1.5;>272000
g;s;5;1 5 .05   1.25/g;s;5;*2 1.5;>272000/ur;s;5;*1.1/ur;s;5;*2 1.5;>272000
r;s;5;.15 .6
r;s;3;.15 .6;+5/r;b;3;*.5/r;f;3;*.5/r;p;3;*1.75/v;s;3;*1.2/r;S;3;wg=.18 .73,z=.18 .71,C=.1545 .618,D=.16 .62,il=.2 .79,n=.18 .7,o=.23 .93
r;s;5;.07 .3
r;s;3;.07 .3;+5/r;b;3;*.5/r;f;3;*.5/r;p;3;*1.75/v;s;3;*1.2/r;S;3;wg=.08 .36,zn=.08 .35,C=.0721 .309,D=.07 .31,il=.09 .4,o=.11 .47/x;s;4;.09 .39
r;s;3;.15 .6;+5/r;b;3;.07 .3/r;S;3;wg=.18 .73,z=.18 .71,C=*1.03,Dik=*1.2,ln=.18 .7,o=.23 .93
r;s;3;.07 .2;+5/r;b;3;.03 .1/r;S;3;wzg=.08 .24,C=*1.03,Dik=*1.2,ln=.08 .23,o=.11 .31
r;s;3;.22 .88;+5/r;b;3;*.5/r;f;3;*.5/r;p;3;*1.75/r;S;3;w=.27 1.06,z=.26 1.04,C=*1.03,D=.23 .91,il=.29 1.16,ng=*1.2,o=.34 1.37
r;s;3;.15 .6;+5/r;b;3;*.5/r;f;3;*.5/r;p;3;*1.75/r;S;3;wg=.18 .73,z=.18 .71,C=*1.03,D=.16 .62,il=.2 .79,n=.18 .7,o=.23 .93/x;s;4;.2 .78
r;s;3;.15 .6;+5/r;b;3;*.5/r;f;3;*.5/r;p;3;*1.75/r;S;3;wg=.18 .73,z=.18 .71,C=*1.03,D=.16 .62,il=.2 .79,n=.18 .7,o=.23 .93
r;s;3;.45 1.8;+5/r;b;3;*.5/r;f;3;*.5/r;p;3;*1.75/r;S;3;w=.54 2.18,z=.53 2.12,C=*1.03,D=.47 1.87,ilng=*1.2,o=.7 2.79
r;s;3;.5 1.2;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=*1.2,C=.52 1.24,o=.78 1.86
r;s;3;.14 1.2/r;b;3;*.5/r;f;8;.075 .6/r;p;8;.2625 2.1/r;S;3;wzDiklng=*1.2,C=*1.03,o=*1.55
r;s;3;.53 2.66;+5/r;b;3;.26 1.33/r;f;8;*.5/r;p;8;*1.75/r;S;3;wg=.64 3.22,z=.62 3.13,C=*1.03,Dik=*1.2,ln=.62 3.12,o=.82 4.12
r;s;4;;;image=0.08
r;s;4;;;image=0.08
r;s;4;;;image=0.4
r;s;4;;;image=0.6
r;s;4;;;image=0.03
r;s;4;;;image=0.07
r;s;4;;;image=0.07
r;s;4;;;image=0.04
r;s;4;;;image=0.07
r;s;4;;;image=0.07
r;s;4;;;image=0.07
r;s;4;;;image=0.07
r;s;4;;;image=0.07
r;s;4;;;image=0.07
r;s;4;;;image=0.14
r;s;4;;;image=0.06
r;s;4;;;image=0.08
r;s;4; 7.5;;videoSecond=0.00049
r;s;3;.15 .6/r;b;3;*.5/r;S;3;wzDiklng=*1.2,C=.15 .62,o=.23 .93
ur;s;3;2.5 10;+5
ur;s;3;.6 6;+5
r;s;3;1.25 2.5 .2;+5/r;b;3;*.5:2/r;S;3;z=1.5 3
g;s;5;2 6 .5/ur;s;5;*1.1
g;s;5;2 6 .5/u;s;5;*1.1
r;s;3;.6 2.2;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=*1.2,C=.62 2.27,o=*1.55
r;s;3;.07 .4;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=.08 .48,C=.07 .41,o=.11 .62
r;s;3;1 3.2;+5/r;b;3;*.5/r;f;8;*.5/r;p;8;*1.75/r;S;3;wzDiklng=*1.2,C=1.03 3.3,o=*1.55
g;s;5;1.68 5.28 .312   2.1/u;s;5;*1.1`;
export const TRAITS: string = `0 w8191 m8191 rad
0 w8191 m8191 rad
1 w256000 m256000 ria e2026-11-26
1 w256000 m256000 ria e2026-11-26
1 w70000 m4096 ra
3 w1000000 m65535 gpegju pwefiklmnpabcd a346
7 dnova-embed w8172 ra f000100010 yd
3 gg pefabcd c ya
3 w1000000 m64000 ggu pefabcd c ya
4 rwkad p=
5 e2026-11-22 va
2 w300000 m10000 gpceu pvwxzBCEFHeiklmnopqrabcd
2 w128000 m10000 gpeu pwxzBCFiklmnopqrabd f111001010
2 w1000000 m10000 gu e2026-09-14 tflex,priority
2 w300000 m10000 gpeu pwxzBCEFiklmnopqrabcd tflex,priority,latencyOptimized
5 kvideo e2026-11-22 va
5 kvideo e2026-11-22 va
4 rwka p= e2026-11-22 va
8
7 w8192
7 dtitan-embed-image w128 f000100010 yd
7 w8192 rwzinad p=
7 w8192 rwxyzABCeijklmnopgabcd p= f000000010 yd
6 w42000 m8000 rwzCeinopgad p=
6 w42000 m4000 rzCenopgad p=
6 w42000 m32000 ra
11 w200000 m8192 geu tlatencyOptimized c2048,4,,5m,tsm,ei,d
11 w200000 m4096 gpeu x2025-12-01
11 w200000 m8192 gpeu x2025-12-01 c1024,4,,5m,tsm,ei,d
12 w200000 m8192 geu
10 w200000 m4096 gpeu e2026-09-10
10 w200000 m4096 geu
10 w200000 m4096 gpeu
16 w1000000 m128000 gegu halways a348b
16 w1000000 m128000 gegu halways a348
16 w1000000 m128000 ggu halways c512,4,,5m+1h,tsm,ei,a a348b7
14 w200000 m64000 gpaegiju a34
16 w1000000 m128000 gaegju r a34b
9 w100000 m8191 gu
16 halways a348b7
16 halways a348b7
13 w200000 m32000 geu x2026-10-08 e2027-01-08 f111111001
13 w200000 m32000 geu
14 w200000 m64000 gegu
14 w1000000 m128000 gaegu
15 w1000000 m128000 gaegju
15 w1000000 m128000 gaegju b15 c1024,4,,5m+1h,tsm,ei,d
16 w1000000 m128000 gaegiju f111111010
16 w1000000 m128000 gaegju ro halways
13 w200000 m64000 gpegu e2026-10-14
14 w200000 m64000 gaegju c1024,4,,5m+1h,tsm,ei,d
14 w1000000 m128000 gaegju ro c1024,4,,5m+1h,tsm,ei,a
16 w1000000 m128000 gaegiju rxBo c1024,4,,5m+1h,tsm,ei,d a348
16 w1000000 m128000 gaegu r a34b
9 w100000 m8191
9 gu
9 w100000 m8191 gu
17 w4096 m4096 rad
18 w128000 m4096 rad e2026-11-22 va
18 w128000 m4096 rad e2026-11-22 va
17 w4096 m4096 rad
19 w512 rwzBCeinopgad
19 w512 rwzBCeinopgad
19 w128000 rwxyzABCDEeijklmnopgabcd
20
21 dunknown w128000 m32768 gu f110001100 t halways
21 w163840 m81920 rwzCDiklnogabd p=
21 w163840 m81920 geu pwzCDiklnogabd
22 w131072 m8192 rwzCDiklnogabd p=
22 w131072 m8192 rwzCDiklnogabd p=
22 w131072 m4096 rwzCDiklnogabd p=
22 w262144 m32768 riabd p=
22 w262144 m32768 riabd p=
22 w131072 m8192 riabd p=
23
24 w4096 m4096 rad
24 w4096 m4096 rad
26 w128000 m4096 gu tlatencyOptimized
26 w128000 m4096 gu tlatencyOptimized
26 w128000 m4096 gu
26 w128000 m4096 gu f111111010
26 w128000 m4096 geu pinpabd f110011010
26 w128000 m4096 geu pinpabd f110011010
26 w128000 m4096 gu f111111010
26 w128000 m4096 gu
25 w8192 m8192 rzeogad p=
25 w8192 m8192 rzeogad p=
27 w1000000 m8192 gu
27 w10000000 m8192 gu
28 w204608 m128000 rwzCDiklnogabd p=
28 w196608 m131072 rwzCDiklnogabd p=
28 w196608 m98304 rwzCDiklnogabd p=
31 w262144 m8192 rwzCDiklnogabd p=
31 w128000 m40000 rwzCDiklnogabd p= halways
31 w128000 m4096 rwzCDiklnogabd p=
31 w256000 m8192 rwzCDiklnogabd p=
31 w128000 m4096 rwzCDiklnogabd p=
29 w32000 m8191 rzCenopgad p=
30 w32000 m8191 rzCenopgad p=
31 w128000 m8191 rd
31 w262144 m8192 rwzCDiklnogabd p=
30 w32000 m8191 ra f111011010
29 w32000 m8191 rzCenopgad p=
31 w128000 m8192 geu f111111100
31 w32768 m4096 rwzCDiklnogabd p=
31 w32768 m8192 rwzCDiklnogabd p=
32 w262144 m16000 rwzCDiklnogabd p= halways
32 w262144 m16384 rwzCDiklnogabd p=
32 w1048576 m128000 ggu f111001100 t c1024,4,,30m,tsm,i,a
32 w1048576 m1048576 ggu f111001100 t c1024,4,,30m,tsm,i,a
33 w131072 m8192 rwzCDiklnogabd p= f111101110
33 w262144 m8192 rwzCDiklnogabd p=
33 w131072 m8192 rwzCDiklnogabd p=
33 w262144 m131072 rwzCDiklnogabd p=
35 w1000000 m128000 ug c1024,4,,,tsm,i,a
35 w1000000 m128000 ug c1024,4,,,tsm,i,a
35 w1050000 m128000 ggiu ug b10 c1024,4,,30m,tsm,i,d a3468a yd
35 w1050000 m128000 ggu ug b10 c1024,4,,30m,tsm,i,d a3468a yd
35 w1050000 m128000 ggiu ug b10 c1024,4,,30m,tsm,i,d a3468a yd
35 w1050000 m128000 ggu ug
35 w1050000 m128000 ggu ug
35 w1050000 m128000 ggu ug
35 w1050000 m128000 ggu ug
35 w1050000 m128000 ggu ug
34 w131072 m131072 f111001100 t
34 w131072 m128000 gv pwzCDiklnogabd
34 w131072 m131072 f111001100 t
34 w131072 m128000 gv pwzCDiklnogabd
34 w128000 m16384 rwzCDiklnogabd p= t
34 w128000 m16384 rwzCDiklnogabd p= t
36 w262144 m131072 rwzCDiklnogabd p=
36 w32768 m16384 rwzCDiklnogabd p=
36 w262144 m131072 rwzCDiklnogabd p=
36 w131072 m65536 rwzCDiklnogabd p=
36 w262144 m65536 rwzCDiklnogabd p=
36 w262144 m262000 rwzCDiklnogabd p=
36 w262144 m262000 rwzCDiklnogabd p= f111101110
37
37
37
37
37
37
37
37
37
37
37
37
37
37
37
37
37
38
39 rwzCDiklnogabd p= f111111010
39 w122880 m8192 gu
39 w1040000 m8192 gu
40 w1000000 m131072 rzabd p= f111011110 c1024,4,,,tsm,i,a
40 w500000 m500000 ggu ug c1024,4,,,tsm,i,a
40 w500000 m500000 ggu c1024,4,,,tsm,i,a
41 w202752 m131072 rwzCDiklnogabd p=
41 w202752 m131072 rwzCDiklnogabd p=
41 w202752 m131072 rwzCDiklnogabd p=
41 w1000000 m128000 ggu f111001100 c1024,4,,30m,tsm,i,a`;
