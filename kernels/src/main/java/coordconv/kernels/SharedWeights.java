package coordconv.kernels;

import coordconv.kernels.internal.engine.CorrelationPass;
import coordconv.kernels.internal.memory.Floats;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The weights of one convolution, packed for any number of its plans: plans whose panels lie alike read one copy of them.
 * Those that differ in batch alone do, and most that differ in the size of the image; what coordinates add in closed form
 * is a table of its own for each size of the image. Thread-safe.
 *
 * <p>Packed copies live as long as somebody holds a {@link PackedWeights} that reads them.
 */
public final class SharedWeights {
    private static final String BIAS = "bias";

    private final Supplier<FloatRegion> weights;
    private final FloatRegion bias;
    private final List<WeakReference<PackedWeights.Panels>> panels = new ArrayList<>();
    private final List<WeakReference<PackedWeights.Part>> parts = new ArrayList<>();

    /**
     * Packs nothing yet.
     *
     * @param weights as {@link ConvolutionPlan#pack} takes them; read whenever a plan needs a packing that there is not
     *     yet, so they must stay readable and unchanged
     * @param bias as {@link ConvolutionPlan#pack} takes it, or null for none; likewise
     */
    public SharedWeights(FloatRegion weights, FloatRegion bias) {
        this(constant(weights), bias);
    }

    /**
     * Packs nothing yet, and keeps no weights but packed ones.
     *
     * @param weights gives them as {@link ConvolutionPlan#pack} takes them, the same in every call; called whenever a plan
     *     needs a packing that there is not yet
     * @param bias as {@link ConvolutionPlan#pack} takes it, or null for none; it must stay readable and unchanged
     */
    public SharedWeights(Supplier<FloatRegion> weights, FloatRegion bias) {
        this.weights = Arguments.present("weights", weights);
        this.bias = bias;
    }

    private static Supplier<FloatRegion> constant(FloatRegion weights) {
        Arguments.present("weights", weights);
        return () -> weights;
    }

    /**
     * The weights for a plan, packed only if no plan that packs them alike has asked before.
     *
     * @param plan of the convolution that the weights are of
     * @return the packed weights, to be used with that plan; {@link ConvolutionPlan#repack} refuses them
     * @throws IllegalArgumentException if there are fewer weights than the plan needs
     */
    public PackedWeights packedFor(ConvolutionPlan plan) {
        Given given = new Given(Arguments.present("plan", plan));
        if (plan instanceof Conv2dPlan p) {
            return packed(given, p.forwardPass(), p.biasLength());
        }
        ConvTranspose2dPlan p = (ConvTranspose2dPlan) plan;
        return packed(given, p.forwardPass(), p.biasLength());
    }

    /** The weights, asked for once, if at all: what gives them may have to compute them. */
    private final class Given {
        final ConvolutionPlan plan;
        private FloatRegion region;

        Given(ConvolutionPlan plan) {
            this.plan = plan;
        }

        Floats floats() {
            if (region == null) {
                region = weights.get();
                if (plan instanceof Conv2dPlan p) {
                    p.requireWeights(region, bias);
                } else {
                    ((ConvTranspose2dPlan) plan).requireWeights(region, bias);
                }
            }
            return region.floats;
        }
    }

    private synchronized PackedWeights packed(Given given, CorrelationPass pass, int biasLength) {
        forget(parts);
        forget(panels);
        return new PackedWeights(given.plan, panels(pass, given), tables(pass, given), bias(biasLength), true);
    }

    /** Those that nobody holds any more. */
    private static <T> void forget(List<WeakReference<T>> references) {
        for (int i = references.size() - 1; i >= 0; i--) {
            if (references.get(i).get() == null) {
                references.remove(i);
            }
        }
    }

    private PackedWeights.Panels panels(CorrelationPass pass, Given given) {
        Object key = pass.packing();
        for (WeakReference<PackedWeights.Panels> reference : panels) {
            PackedWeights.Panels known = reference.get();
            if (known != null && known.key().equals(key)) {
                return known;
            }
        }
        PackedWeights.Panels made = new PackedWeights.Panels(key, pass.newPacked());
        pass.packWeights(given.floats(), made.floats());
        panels.add(new WeakReference<>(made));
        return made;
    }

    private PackedWeights.Part tables(CorrelationPass pass, Given given) {
        Object key = pass.tablePacking();
        PackedWeights.Part known = part(key, pass.tableLength());
        if (known != null) {
            return known;
        }
        PackedWeights.Part made = new PackedWeights.Part(key, new float[pass.tableLength()]);
        pass.fillTables(given.floats(), made.floats());
        parts.add(new WeakReference<>(made));
        return made;
    }

    private PackedWeights.Part bias(int length) {
        PackedWeights.Part known = part(BIAS, length);
        if (known != null) {
            return known;
        }
        PackedWeights.Part made = new PackedWeights.Part(BIAS, new float[length]);
        PackedWeights.copyBias(bias, made.floats());
        parts.add(new WeakReference<>(made));
        return made;
    }

    /** A part that there is, or null. */
    private PackedWeights.Part part(Object key, int length) {
        for (WeakReference<PackedWeights.Part> reference : parts) {
            PackedWeights.Part known = reference.get();
            if (known != null && known.floats().length == length && known.key().equals(key)) {
                return known;
            }
        }
        return null;
    }
}
