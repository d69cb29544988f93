package coordconv.layers.normalisation;

import coordconv.layers.Layer;
import coordconv.layers.OutputMemory;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.UnaryLayer;
import coordconv.layers.initialisers.Initialisers;
import java.util.List;
import java.util.function.UnaryOperator;

/** {@code weight * (x - mean) / sqrt(variance + epsilon) + bias} with statistics of each input alone. */
abstract class AffineNorm extends UnaryLayer implements Cloneable {
    final double epsilon;
    Parameter weight;
    Parameter bias;

    AffineNorm(Shape each, double epsilon) {
        this.epsilon = positive("epsilon", epsilon);
        int count = each.elements();
        weight = Parameter.learned("weight", each, Initialisers.constant(1), count, count);
        bias = Parameter.learned("bias", each, Initialisers.constant(0), count, count);
    }

    static double positive(String argument, double given) {
        if (!(given > 0 && given < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed a finite number above 0");
        }
        return given;
    }

    /** {@return what is added to the variance} */
    public final double epsilon() {
        return epsilon;
    }

    /** {@return the factors} */
    public final Parameter weight() {
        return weight;
    }

    /** {@return the addends} */
    public final Parameter bias() {
        return bias;
    }

    @Override
    protected final Layer replica(UnaryOperator<Parameter> parameters) {
        AffineNorm copy = (AffineNorm) super.replica(parameters);
        copy.weight = parameters.apply(weight);
        copy.bias = parameters.apply(bias);
        return copy;
    }

    @Override
    protected final List<Parameter> own() {
        return List.of(weight, bias);
    }

    @Override
    protected final OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    /** An input of which axis 1 has as many channels as there are weights. */
    final Shape channelled(Shape input) {
        int channels = weight.shape().elements();
        if (input.rank() < 2 || input.extent(1) != channels) {
            throw refuse("input", input, "[N, " + channels + ", ...]");
        }
        return input;
    }
}
