/**
 * Convolution and CoordConv from a shape to an output: {@link coordconv.kernels.ConvGeometry} says what to compute, {@link
 * coordconv.kernels.Conv2dPlan} decides once how, and any number of calls and threads use the plan.
 *
 * {@snippet lang=java :
 * ConvGeometry geometry = ConvGeometry.builder()
 *         .input(1, 3, 32, 48).outChannels(16).kernel(3, 3).padding(1)
 *         .coords(CoordPreset.PADDLE)                    // x and y join the 3 channels
 *         .build();
 * Conv2dPlan plan = Conv2dPlan.of(geometry);
 * PackedWeights packed = plan.pack(FloatRegion.of(weights), FloatRegion.of(bias));
 * plan.forward(FloatRegion.of(x), packed, FloatRegion.of(y));
 * }
 */
package coordconv.kernels;
