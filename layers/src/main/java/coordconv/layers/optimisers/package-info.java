/**
 * Optimisers, decay, learning-rate schedules and gradient clipping.
 *
 * {@snippet lang=java :
 * Optimiser adamW = Adam.withDecoupledDecay(0.9, 0.999, 1e-8, 1e-2);
 * LearningRate rate = LearningRate.cosine(1e-3, 1e-5, 10_000);
 * network.parameters().get("conv.bias").regulariser(0, 0);     // exempt from the decay
 * }
 */
package coordconv.layers.optimisers;
