package coordconv.layers.normalisation;

import coordconv.kernels.Activation;
import coordconv.layers.Layer;
import coordconv.layers.activations.EpilogueActivation;
import coordconv.layers.internal.FloatLoops;
import java.util.List;

/** The activation behind a normalisation that computes it along, while its results are in the first-level cache. */
final class Followed {
    private Followed() {}

    /** {@return the activation that comes first among some layers, or the identity if that is none, or none of the two known here} */
    static Activation by(List<Layer> following) {
        Activation next = !following.isEmpty() && following.getFirst() instanceof EpilogueActivation layer ? layer.asActivation() : null;
        boolean known = next != null && (next.kind() == Activation.Kind.RELU || next.kind() == Activation.Kind.LEAKY_RELU);
        return known ? next : Activation.IDENTITY;
    }

    /** {@return how many layers an activation stands for} */
    static int count(Activation activation) {
        return activation.kind() == Activation.Kind.IDENTITY ? 0 : 1;
    }

    /** Applies it in place. */
    static void apply(Activation activation, float[] y, int from, int to) {
        if (activation.kind() == Activation.Kind.RELU) {
            FloatLoops.relu(y, y, from, to);
        } else if (activation.kind() == Activation.Kind.LEAKY_RELU) {
            FloatLoops.leakyRelu(y, activation.negativeSlope(), y, from, to);
        }
    }
}
