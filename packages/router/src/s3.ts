/**
 * Routing policies that lie in S3. Apart from the main entry, because most policies lie in files.
 * @module
 */
export { type S3ClientLike, type S3RoutingPolicyOptions, s3RoutingPolicy } from './s3-routing-policy.js';
