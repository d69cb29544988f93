/**
 * CoordConv as a block of the Deep Java Library (DJL), computed on the memory of its arrays.
 *
 * {@snippet lang=java :
 * Block network = new SequentialBlock()
 *         .add(CoordConv2d.builder()
 *                 .setKernelShape(new Shape(3, 3)).setFilters(16)
 *                 .optPadding(new Shape(1, 1))
 *                 .optCoords(CoordPreset.PADDLE).build())
 *         .add(Activation::relu);
 * }
 */
package coordconv.djl;
