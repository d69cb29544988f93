/**
 * Shapes, tensors, parameters, the layer contract, containers and summaries.
 *
 * {@snippet lang=java :
 * Sequential network = Sequential.builder()
 *         .add("conv", new CoordConv2d(ConvSpec.of(3, 16, 3).withPadding(1)))
 *         .add("relu", new ReLU())
 *         .build();
 * network.initialise(1);
 * network.configure(Shape.of(8, 3, 32, 32), Execution.INFERENCE);
 * Tensor y = network.forward(images, Phase.INFERENCE);        // [8, 16, 32, 32]
 * System.out.println(ModelSummary.of(network, Shape.of(8, 3, 32, 32)).table());
 * }
 */
package coordconv.layers;
