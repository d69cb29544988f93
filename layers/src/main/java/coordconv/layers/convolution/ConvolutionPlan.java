package coordconv.layers.convolution;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;

/** The calls that the plans of a convolution and of a transposed convolution have in common. */
interface ConvolutionPlan {
    PackedWeights pack(FloatRegion weights, FloatRegion bias);

    void repack(FloatRegion weights, FloatRegion bias, PackedWeights into);

    void forward(FloatRegion x, PackedWeights weights, FloatRegion y, Parallelism parallelism);

    PackedGradientWeights packForInputGradient(FloatRegion weights);

    void repackForInputGradient(FloatRegion weights, PackedGradientWeights into);

    void backwardInput(FloatRegion dy, PackedGradientWeights weights, FloatRegion dx, Parallelism parallelism);

    void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism parallelism);

    void backwardBias(FloatRegion dy, FloatRegion db, Parallelism parallelism);

    /** A convolution. */
    record Ordinary(Conv2dPlan plan) implements ConvolutionPlan {
        @Override
        public PackedWeights pack(FloatRegion weights, FloatRegion bias) {
            return plan.pack(weights, bias);
        }

        @Override
        public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {
            plan.repack(weights, bias, into);
        }

        @Override
        public void forward(FloatRegion x, PackedWeights weights, FloatRegion y, Parallelism parallelism) {
            plan.forward(x, weights, y, parallelism);
        }

        @Override
        public PackedGradientWeights packForInputGradient(FloatRegion weights) {
            return plan.packForInputGradient(weights);
        }

        @Override
        public void repackForInputGradient(FloatRegion weights, PackedGradientWeights into) {
            plan.repackForInputGradient(weights, into);
        }

        @Override
        public void backwardInput(FloatRegion dy, PackedGradientWeights weights, FloatRegion dx, Parallelism parallelism) {
            plan.backwardInput(dy, weights, dx, parallelism);
        }

        @Override
        public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism parallelism) {
            plan.backwardWeights(x, dy, dw, parallelism);
        }

        @Override
        public void backwardBias(FloatRegion dy, FloatRegion db, Parallelism parallelism) {
            plan.backwardBias(dy, db, parallelism);
        }
    }

    /** A transposed convolution. */
    record Transposed(ConvTranspose2dPlan plan) implements ConvolutionPlan {
        @Override
        public PackedWeights pack(FloatRegion weights, FloatRegion bias) {
            return plan.pack(weights, bias);
        }

        @Override
        public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {
            plan.repack(weights, bias, into);
        }

        @Override
        public void forward(FloatRegion x, PackedWeights weights, FloatRegion y, Parallelism parallelism) {
            plan.forward(x, weights, y, parallelism);
        }

        @Override
        public PackedGradientWeights packForInputGradient(FloatRegion weights) {
            return plan.packForInputGradient(weights);
        }

        @Override
        public void repackForInputGradient(FloatRegion weights, PackedGradientWeights into) {
            plan.repackForInputGradient(weights, into);
        }

        @Override
        public void backwardInput(FloatRegion dy, PackedGradientWeights weights, FloatRegion dx, Parallelism parallelism) {
            plan.backwardInput(dy, weights, dx, parallelism);
        }

        @Override
        public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism parallelism) {
            plan.backwardWeights(x, dy, dw, parallelism);
        }

        @Override
        public void backwardBias(FloatRegion dy, FloatRegion db, Parallelism parallelism) {
            plan.backwardBias(dy, db, parallelism);
        }
    }
}
