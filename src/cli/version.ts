/** The version of nft-gen. */
export const VERSION = '0.1.0';
