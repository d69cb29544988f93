package coordconv.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.SharedWeights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The plans of a block, one for each input shape among the latest, over one copy of the packed weights. */
final class ShapePlans {
    /** Batches of up to so many images and sizes; a plan without weights is small. */
    private static final int MOST = 64;

    private final Function<Shape, ConvGeometry> geometryOf;
    private final Map<Shape, Entry> latest = new LinkedHashMap<>(MOST, 0.75f, true);
    private volatile Weights weights;

    ShapePlans(Function<Shape, ConvGeometry> geometryOf) {
        this.geometryOf = geometryOf;
    }

    /** Weights and the arrays that they are, held so that no other array can take their identity. */
    private record Weights(NDArray weight, NDArray bias, SharedWeights shared) {}

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
        weights = null;
        latest.values().forEach(entry -> entry.packed = null);
    }

    private SharedWeights shared(NDArray weight, NDArray bias) {
        Weights held = weights;
        if (held != null && held.weight == weight && held.bias == bias) {
            return held.shared;
        }
        return replace(weight, bias);
    }

    private synchronized SharedWeights replace(NDArray weight, NDArray bias) {
        Weights held = weights;
        if (held == null || held.weight != weight || held.bias != bias) {
            forgetWeights();
            held = new Weights(weight, bias, new SharedWeights(NativeFloats.read(weight),
                    bias == null ? null : NativeFloats.read(bias)));
            weights = held;
        }
        return held.shared;
    }

    /** One plan. */
    final class Entry {
        private final Conv2dPlan plan;
        private volatile Packed packed;

        private Entry(Conv2dPlan plan) {
            this.plan = plan;
        }

        private record Packed(SharedWeights of, PackedWeights panels) {}

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
            if (weight.hasGradient() || bias != null && bias.hasGradient()) {
                // They may change between any two calls.
                forgetWeights();
                return plan.pack(NativeFloats.read(weight), bias == null ? null : NativeFloats.read(bias));
            }
            SharedWeights shared = shared(weight, bias);
            Packed held = packed;
            if (held == null || held.of != shared) {
                held = new Packed(shared, shared.packedFor(plan));
                packed = held;
            }
            return held.panels;
        }
    }
}
