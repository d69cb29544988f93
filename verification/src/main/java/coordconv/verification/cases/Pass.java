package coordconv.verification.cases;

import coordconv.verification.cases.Memory.Operand;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.SegmentKernel;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;
import coordconv.verification.reference.ReferenceConvTranspose2d;
import java.util.Arrays;
import java.util.List;

/** The four things that a kernel computes, each with what the reference says of it. */
public enum Pass {
    /** The output. */
    FORWARD("y", null),
    /** The gradient to the features. */
    BACKWARD_INPUT("dx", Feature.BACKWARD_INPUT),
    /** The gradient to the weights. */
    BACKWARD_WEIGHTS("dw", Feature.BACKWARD_WEIGHTS),
    /** The gradient to the bias. */
    BACKWARD_BIAS("db", Feature.BACKWARD_BIAS);

    private final String output;
    private final Feature feature;

    Pass(String output, Feature feature) {
        this.output = output;
        this.feature = feature;
    }

    /** {@return the name of what this pass writes: y, dx, dw or db} */
    public String output() {
        return output;
    }

    /**
     * The passes that a kernel has.
     *
     * @param kernel the kernel
     * @return at least the forward pass
     */
    public static List<Pass> of(ConvKernel kernel) {
        return Arrays.stream(values()).filter(pass -> pass.isOf(kernel)).toList();
    }

    /**
     * Whether a kernel has this pass.
     *
     * @param kernel the kernel
     * @return whether it declares it
     */
    public boolean isOf(ConvKernel kernel) {
        return feature == null || kernel.features().contains(feature);
    }

    /**
     * The length of what this pass writes.
     *
     * @param call what is computed
     * @return elements
     */
    public int outputLength(ConvCall call) {
        return switch (this) {
            case FORWARD -> call.outputLength();
            case BACKWARD_INPUT -> call.inputLength();
            case BACKWARD_WEIGHTS -> call.weightLength();
            case BACKWARD_BIAS -> call.outputChannels();
        };
    }

    /**
     * Runs a case into an output of NaN, or over the held values where it accumulates.
     *
     * @param c the case
     * @param t its tensors
     * @return what the pass wrote
     * @throws AssertionError if the kernel writes an operand that it should only read, or beside its output
     */
    public float[] run(Case c, Tensors t) {
        float[] out = c.accumulate() ? t.held().get(this).clone() : Inputs.unwritten(outputLength(c.call()));
        return c.memory() == Memory.ARRAYS ? inArrays(c, t, out) : inSegments(c, t, out);
    }

    private float[] inArrays(Case c, Tensors t, float[] out) {
        float[][] read = {t.x(), t.weights(), t.bias(), t.dy()};
        float[][] given = Arrays.stream(read).map(tensor -> tensor == null ? null : tensor.clone()).toArray(float[][]::new);
        switch (this) {
            case FORWARD -> c.kernel().forward(c.call(), given[0], given[1], given[2], out);
            case BACKWARD_INPUT -> c.kernel().backwardInput(c.call(), given[3], given[1], out);
            case BACKWARD_WEIGHTS -> c.kernel().backwardWeights(c.call(), given[0], given[3], out);
            case BACKWARD_BIAS -> c.kernel().backwardBias(c.call(), given[3], out);
        }
        requireUntouched(c, read, given);
        return out;
    }

    private float[] inSegments(Case c, Tensors t, float[] out) {
        SegmentKernel kernel = (SegmentKernel) c.kernel();
        float[][] read = {t.x(), t.weights(), t.bias(), t.dy()};
        Operand[] given = Arrays.stream(read).map(tensor -> tensor == null ? null : c.memory().hold(tensor))
                .toArray(Operand[]::new);
        Operand written = c.memory().hold(out);
        switch (this) {
            case FORWARD -> kernel.forward(c.call(), given[0].tensor(), given[1].tensor(),
                    given[2] == null ? null : given[2].tensor(), written.tensor());
            case BACKWARD_INPUT -> kernel.backwardInput(c.call(), given[3].tensor(), given[1].tensor(), written.tensor());
            case BACKWARD_WEIGHTS -> kernel.backwardWeights(c.call(), given[0].tensor(), given[3].tensor(), written.tensor());
            case BACKWARD_BIAS -> kernel.backwardBias(c.call(), given[3].tensor(), written.tensor());
        }
        written.requireRedZones(output + " of " + c);
        requireUntouched(c, read, Arrays.stream(given).map(operand -> operand == null ? null : operand.floats())
                .toArray(float[][]::new));
        return written.floats();
    }

    private void requireUntouched(Case c, float[][] before, float[][] after) {
        String[] names = {"x", "weights", "bias", "dy"};
        for (int i = 0; i < names.length; i++) {
            if (before[i] != null) {
                Check.sameBits(before[i], after[i], names[i] + ", which " + this + " only reads, after " + c);
            }
        }
    }

    /**
     * What the reference says, its bounds those of the kernel's accumulation length.
     *
     * @param c the case
     * @param t its tensors
     * @return value and bound of each element
     */
    public Expected expect(Case c, Tensors t) {
        float[] held = c.accumulate() ? t.held().get(this) : null;
        Expected expected = c.call().transposed()
                ? transposed(new ReferenceConvTranspose2d(c.geometry(), c.call().coords()), c, t, held)
                : ordinary(new ReferenceConv2d(c.geometry()), c, t, held);
        return expected.withAccumulationLength(c.kernel()::accumulationLength);
    }

    private Expected ordinary(ReferenceConv2d reference, Case c, Tensors t, float[] held) {
        return switch (this) {
            case FORWARD -> reference.forward(t.x(), t.weights(), t.bias(), c.activation(), held);
            case BACKWARD_INPUT -> reference.backwardInput(t.dy(), t.weights(), held);
            case BACKWARD_WEIGHTS -> reference.backwardWeights(t.x(), t.dy(), held);
            case BACKWARD_BIAS -> reference.backwardBias(t.dy(), held);
        };
    }

    private Expected transposed(ReferenceConvTranspose2d reference, Case c, Tensors t, float[] held) {
        return switch (this) {
            case FORWARD -> reference.forward(t.x(), t.weights(), t.bias(), c.activation(), held);
            case BACKWARD_INPUT -> reference.backwardInput(t.dy(), t.weights(), held);
            case BACKWARD_WEIGHTS -> reference.backwardWeights(t.x(), t.dy(), held);
            case BACKWARD_BIAS -> reference.backwardBias(t.dy(), held);
        };
    }
}
