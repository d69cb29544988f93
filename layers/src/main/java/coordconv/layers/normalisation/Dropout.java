package coordconv.layers.normalisation;

import coordconv.layers.Execution;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.SeededRandom;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.internal.FloatLoops;

/**
 * In training each element becomes 0 with a probability, and the others grow by {@code 1 / (1 - p)}; in
 * inference nothing changes. Source: Srivastava et al. 2014.
 */
public final class Dropout extends UnaryLayer implements Cloneable {
    private final double probability;
    private final SeededRandom random = new SeededRandom(0);
    private float[] mask;
    private Tensor y;

    /**
     * A dropout; {@link #initialise} seeds it.
     *
     * @param probability p, in [0, 1)
     */
    public Dropout(double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("probability: given " + probability + ", needed 0 or more and below 1");
        }
        this.probability = probability;
    }

    /** {@return p} */
    public double probability() {
        return probability;
    }

    @Override
    public String type() {
        return "Dropout";
    }

    @Override
    protected SeededRandom random() {
        return random;
    }

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected Shape infer(Shape input) {
        return input;
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.INPUT;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = execution.gradients() ? Tensor.zeros(output) : null;
        mask = execution.gradients() ? new float[output.elements()] : null;
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        if (phase == Phase.INFERENCE) {
            return x;
        }
        float kept = (float) (1 / (1 - probability));
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextDouble() < probability ? 0 : kept;
        }
        FloatLoops.multiply(x.data(), mask, y.data(), mask.length);
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        FloatLoops.multiply(dy.data(), mask, dy.data(), mask.length);
        return dy;
    }
}
