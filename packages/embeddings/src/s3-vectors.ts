/**
 * A sink in Amazon S3 Vectors.
 * @module
 */
export { type S3VectorsClientLike, type S3VectorsSinkOptions, s3VectorsSink } from './s3-vectors-sink.js';
