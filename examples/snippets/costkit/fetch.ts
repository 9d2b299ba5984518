import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, costkit } from 'costkit';
import { costkitFetch } from 'costkit/fetch';

// Any SDK that takes a `fetch` can be given this one; here it is called by hand.
const fetch = costkitFetch(costkit(new BedrockRuntimeClient({ region: 'us-east-1' })));

const address = 'https://bedrock-runtime.us-east-1.amazonaws.com/model/us.amazon.nova-lite-v1%3A0/converse';
const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] });
const { result, receipts } = await collectReceipts(() => fetch(address, { method: 'POST', body }));
console.log(result.status, String(receipts[0]?.cost));
