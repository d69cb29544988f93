package coordconv.kernels;

import coordconv.kernels.internal.engine.CorrelationPass;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
        return switch (Arguments.present("plan", plan)) {
            case Conv2dPlan p -> packed(p, p.forwardPass(), p.biasLength(), p::requireWeights);
            case ConvTranspose2dPlan p -> packed(p, p.forwardPass(), p.biasLength(), p::requireWeights);
        };
    }

    private synchronized PackedWeights packed(ConvolutionPlan plan, CorrelationPass pass, int biasLength,
                                              BiConsumer<FloatRegion, FloatRegion> check) {
        parts.removeIf(part -> part.get() == null);
        panels.removeIf(made -> made.get() == null);
        // Asked for once, if at all: what gives them may have to compute them.
        FloatRegion[] given = new FloatRegion[1];
        Supplier<FloatRegion> once = () -> {
            if (given[0] == null) {
                given[0] = weights.get();
                check.accept(given[0], bias);
            }
            return given[0];
        };
        return new PackedWeights(plan,
                panels(pass, once),
                part(pass.tablePacking(), pass.tableLength(), tables -> pass.fillTables(once.get().floats, tables)),
                part(BIAS, biasLength, values -> PackedWeights.copyBias(bias, values)), true);
    }

    private PackedWeights.Panels panels(CorrelationPass pass, Supplier<FloatRegion> given) {
        Object key = pass.packing();
        for (WeakReference<PackedWeights.Panels> reference : panels) {
            PackedWeights.Panels known = reference.get();
            if (known != null && known.key().equals(key)) {
                return known;
            }
        }
        PackedWeights.Panels made = new PackedWeights.Panels(key, pass.newPacked());
        pass.packWeights(given.get().floats, made.floats());
        panels.add(new WeakReference<>(made));
        return made;
    }

    private PackedWeights.Part part(Object key, int length, Consumer<float[]> filler) {
        for (WeakReference<PackedWeights.Part> reference : parts) {
            PackedWeights.Part known = reference.get();
            if (known != null && known.floats().length == length && known.key().equals(key)) {
                return known;
            }
        }
        PackedWeights.Part made = new PackedWeights.Part(key, new float[length]);
        filler.accept(made.floats());
        parts.add(new WeakReference<>(made));
        return made;
    }
}
