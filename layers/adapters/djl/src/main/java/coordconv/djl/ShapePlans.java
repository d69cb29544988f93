package coordconv.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The plans of a block, one for each input shape among the latest, each with its packed weights. */
final class ShapePlans {
    /** Enough for a network that is fed a few sizes of images; each holds the weights once more. */
    private static final int MOST = 8;

    private final Function<Shape, ConvGeometry> geometryOf;
    private final Map<Shape, Entry> latest = new LinkedHashMap<>(MOST, 0.75f, true);

    ShapePlans(Function<Shape, ConvGeometry> geometryOf) {
        this.geometryOf = geometryOf;
    }

    synchronized Entry of(Shape input) {
        Entry entry = latest.get(input);
        if (entry == null) {
            entry = new Entry(Conv2dPlan.of(geometryOf.apply(input)));
            latest.put(input, entry);
            if (latest.size() > MOST) {
                latest.remove(latest.keySet().iterator().next());
            }
        }
        return entry;
    }

    synchronized void forgetWeights() {
        latest.values().forEach(entry -> entry.packed = null);
    }

    /** One plan. */
    static final class Entry {
        private final Conv2dPlan plan;
        private volatile Packed packed;

        private Entry(Conv2dPlan plan) {
            this.plan = plan;
        }

        /**
         * Packed weights and the arrays they were packed from, held so that no other array can take their
         * identity.
         */
        private record Packed(NDArray weight, NDArray bias, PackedWeights panels) {}

        ConvGeometry geometry() {
            return plan.geometry();
        }

        NDArray forward(NDArray x, NDArray weight, NDArray bias, Parallelism parallelism) {
            PackedWeights panels = panels(weight, bias);
            FloatRegion input = NativeFloats.read(x);
            ConvGeometry g = plan.geometry();
            Shape output = new Shape(g.batch(), g.outChannels(), g.outHeight(), g.outWidth());
            return NativeFloats.create(x.getManager(), output, y -> plan.forward(input, panels, y, parallelism));
        }

        private PackedWeights panels(NDArray weight, NDArray bias) {
            Packed held = packed;
            if (held != null && held.weight == weight && held.bias == bias) {
                return held.panels;
            }
            PackedWeights panels = plan.pack(NativeFloats.read(weight), bias == null ? null : NativeFloats.read(bias));
            boolean fixed = !weight.hasGradient() && (bias == null || !bias.hasGradient());
            packed = fixed ? new Packed(weight, bias, panels) : null;
            return panels;
        }
    }
}
