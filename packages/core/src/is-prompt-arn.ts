/** Whether a `modelId` is the ARN of a prompt resource (`arn:aws:bedrock:…:prompt/…`). */
export function isPromptArn(modelId: string): boolean {
  return modelId.startsWith('arn:') && modelId.split(':')[5]?.startsWith('prompt/') === true;
}
