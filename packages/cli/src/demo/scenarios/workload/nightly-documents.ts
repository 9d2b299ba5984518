import { drawsFrom, pick } from './draw.js';
import { PRODUCTS } from './shop.js';

/** A customer's review, enriched every night with its topic. */
export interface ReviewDocument {
  readonly id: string;
  readonly text: string;
  /** The topic that the enrichment must name. */
  readonly topic: string;
}

const DOCUMENTS = 300;
/** Words of a review; English prose has about 1.1 tokens a word, so this is 1,000 to 1,500 tokens. */
const MIN_WORDS = 940;
const MAX_WORDS = 1_330;

const TOPICS: Readonly<Record<string, readonly string[]>> = {
  zippers: [
    'the zipper caught on the flap again and had to be freed by hand',
    'the lower zipper lost a tooth in the second week',
  ],
  weight: [
    'every gram could be felt on the long climb',
    'on the scale at home it was heavier than I had thought',
  ],
  waterproofing: [
    'after an hour of steady rain the first drops came through',
    'the seams kept the water out all night',
  ],
  delivery: [
    'the parcel came two days later than announced',
    'the box stood at the door on the very next morning',
  ],
  durability: [
    'after a full season there is hardly a mark on it',
    'the fabric wore thin where the strap rubs',
  ],
  comfort: ['the padding sat well even on the fourth day', 'I slept better than in many a hotel'],
};

const SENTENCES = [
  'We left the car at the valley station and walked up through the forest until the path came out above the trees.',
  'My brother carried most of the food and I took the rest of the equipment, so the loads were about equal.',
  'The forecast had promised sun, yet by the afternoon the clouds were hanging low over the ridge.',
  'In the evening we set everything up beside a small lake and cooked while there was still some light.',
  'I have used equipment of this kind for many years and believe I know what to look for.',
  'The instructions were clear enough, although one of the drawings showed an older version.',
  'A friend has the model from the year before and we compared the two on the table at home.',
  'On the way back we met a group who asked where I had bought it and what I thought of it.',
  'The colour is a little darker than in the pictures, which I like better than the bright one.',
  'For the price I would have wished for a bag that closes more easily when hands are cold.',
  'Next year we want to go further north, and by then I will know how it does in real cold.',
  'All in all I would say that it does what it was made for and does not pretend to be more.',
] as const;

function reviewOf(index: number): ReviewDocument {
  const draw = drawsFrom(20_000 + index);
  const id = `R-${String(index + 1).padStart(4, '0')}`;
  const topic = pick(Object.keys(TOPICS), draw);
  const words = MIN_WORDS + Math.floor(draw() * (MAX_WORDS - MIN_WORDS));
  const parts = [`Review ${id} of the ${pick(PRODUCTS, draw).name}.`];
  let length = 0;
  while (length < words) {
    const remark = pick(TOPICS[topic] as readonly string[], draw);
    const sentence = draw() < 0.15 ? `What I keep coming back to is that ${remark}.` : pick(SENTENCES, draw);
    parts.push(sentence);
    length += sentence.split(' ').length;
  }
  return { id, topic, text: parts.join(' ') };
}

/** The 300 reviews of one night. */
export const REVIEW_DOCUMENTS: readonly ReviewDocument[] = Array.from({ length: DOCUMENTS }, (_, index) =>
  reviewOf(index),
);

/** What the nightly job is told. */
export const ENRICHMENT_PROMPT =
  'You enrich customer reviews for a shop. Name the main topic of the review in one word, then describe what the customer says about it, how the article was used, and what the shop could do better.';
