package coordconv.verification.cases;

import coordconv.kernels.ConvGeometry;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;

/** The four things that a kernel computes, each with what the reference says of it. */
public enum Pass {
    /** The output. */
    FORWARD {
        @Override
        public int outputLength(ConvGeometry g) {
            return g.outputLength();
        }

        @Override
        void call(ConvKernel kernel, Case c, Tensors t, float[] out) {
            kernel.forward(c.geometry(), t.x(), t.weights(), t.bias(), c.activation(), c.accumulate(), out, c.threads());
        }

        @Override
        Expected expect(ReferenceConv2d reference, Case c, Tensors t, float[] held) {
            return reference.forward(t.x(), t.weights(), t.bias(), c.activation(), held);
        }
    },
    /** The gradient to the features. */
    BACKWARD_INPUT {
        @Override
        public int outputLength(ConvGeometry g) {
            return g.inputLength();
        }

        @Override
        void call(ConvKernel kernel, Case c, Tensors t, float[] out) {
            kernel.backwardInput(c.geometry(), t.dy(), t.weights(), c.accumulate(), out, c.threads());
        }

        @Override
        Expected expect(ReferenceConv2d reference, Case c, Tensors t, float[] held) {
            return reference.backwardInput(t.dy(), t.weights(), held);
        }
    },
    /** The gradient to the weights. */
    BACKWARD_WEIGHTS {
        @Override
        public int outputLength(ConvGeometry g) {
            return g.weightLength();
        }

        @Override
        void call(ConvKernel kernel, Case c, Tensors t, float[] out) {
            kernel.backwardWeights(c.geometry(), t.x(), t.dy(), c.accumulate(), out, c.threads());
        }

        @Override
        Expected expect(ReferenceConv2d reference, Case c, Tensors t, float[] held) {
            return reference.backwardWeights(t.x(), t.dy(), held);
        }
    },
    /** The gradient to the bias. */
    BACKWARD_BIAS {
        @Override
        public int outputLength(ConvGeometry g) {
            return g.outChannels();
        }

        @Override
        void call(ConvKernel kernel, Case c, Tensors t, float[] out) {
            kernel.backwardBias(c.geometry(), t.dy(), c.accumulate(), out, c.threads());
        }

        @Override
        Expected expect(ReferenceConv2d reference, Case c, Tensors t, float[] held) {
            return reference.backwardBias(t.dy(), held);
        }
    };

    /** {@return elements of what this pass writes} */
    public abstract int outputLength(ConvGeometry g);

    abstract void call(ConvKernel kernel, Case c, Tensors t, float[] out);

    abstract Expected expect(ReferenceConv2d reference, Case c, Tensors t, float[] held);

    /** Runs the kernel under test into an output of NaN, or over the held values where it accumulates. */
    public float[] run(Case c, Tensors t) {
        return run(ConvKernel.underTest(new PlanKernel(c.width())), c, t);
    }

    /** Runs a kernel likewise. */
    public float[] run(ConvKernel kernel, Case c, Tensors t) {
        float[] out = c.accumulate() ? t.held().get(this).clone() : Inputs.unwritten(outputLength(c.geometry()));
        call(kernel, c, t, out);
        return out;
    }

    /** What the reference says. */
    public Expected expect(Case c, Tensors t) {
        return expect(new ReferenceConv2d(c.geometry()), c, t, c.accumulate() ? t.held().get(this) : null);
    }
}
