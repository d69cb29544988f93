/** CoordConv as a block of the Deep Java Library (DJL), computed on the memory of its arrays. */
package coordconv.djl;
