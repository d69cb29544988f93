/** Sizes around the tile and the cache blocks, and the memory that a plan asks for. */
package coordconv.verification.blocking;
