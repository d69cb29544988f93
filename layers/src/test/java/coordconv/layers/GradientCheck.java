package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/**
 * Value and gradients of a layer against a definition in double precision and that definition's differences, under
 * a bound that counts roundings.
 */
public final class GradientCheck {
    private static final double U = Math.ulp(1f) / 2;

    private final Definition definition;
    private final List<double[]> arguments = new ArrayList<>();
    private double scale;
    private int roundings = 4;

    /** A layer as a function of its input and its learned parameters, in their order. */
    @FunctionalInterface
    public interface Definition {
        double[] of(double[] x, double[][] parameters);
    }

    private GradientCheck(Definition definition) {
        this.definition = definition;
    }

    public static GradientCheck against(Definition definition) {
        return new GradientCheck(definition);
    }

    /** How many roundings in float there are on the longest path of the layer's arithmetic. */
    public GradientCheck roundings(int count) {
        roundings = count;
        return this;
    }

    /** Magnitude of the terms whose sum or difference an output is, where it cancels. */
    public GradientCheck cancelling(double magnitude) {
        scale = magnitude;
        return this;
    }

    /** Checks the layer at a point and along a random direction. */
    public void check(Layer layer, Tensor x, long seed) {
        Shape output = layer.configure(x.shape(), Execution.TRAINING, true);
        Tensor y = layer.forward(x, Phase.TRAINING);
        assertEquals(output, y.shape());
        arguments.add(Samples.toDouble(x.data()));
        layer.parameters().values().forEach(parameter -> arguments.add(Samples.toDouble(parameter.values())));
        double[] exact = value();
        assertEquals(exact.length, y.data().length);
        for (int i = 0; i < exact.length; i++) {
            double bound = roundings * U * Math.max(Math.abs(exact[i]), scale) + Float.MIN_VALUE;
            assertEquals(exact[i], y.data()[i], bound, layer + " y[" + i + "]");
        }
        Tensor direction = Samples.gaussian(output, seed);
        // Twice: gradients are overwritten, not added to what was there.
        layer.backward(Samples.gaussian(output, seed + 1));
        layer.forward(x, Phase.TRAINING);
        float[] dy = direction.data().clone();
        Tensor dx = layer.backward(Tensor.of(dy, output));
        assertEquals(x.shape(), dx.shape());
        compare(layer + " dx", 0, dx.data(), direction.data());
        int argument = 1;
        for (Parameter parameter : layer.parameters().values()) {
            compare(layer + " " + parameter.name(), argument++, parameter.gradient(), direction.data());
        }
    }

    private double[] value() {
        return definition.of(arguments.get(0), arguments.subList(1, arguments.size()).toArray(double[][]::new));
    }

    private void compare(String what, int argument, float[] gradient, float[] direction) {
        double[] at = arguments.get(argument);
        assertEquals(at.length, gradient.length, what);
        double weight = 0;
        for (float d : direction) {
            weight += Math.abs(d);
        }
        boolean some = false;
        for (int i = 0; i < at.length; i++) {
            double[] slopes = slopes(at, i);
            double exact = 0;
            double magnitude = 0;
            for (int j = 0; j < direction.length; j++) {
                exact += slopes[j] * direction[j];
                magnitude += Math.abs(slopes[j] * direction[j]);
            }
            double bound = roundings * U * (magnitude + scale * weight) + 10 * weight * DoubleDifferences.ERROR;
            assertEquals(exact, gradient[i], bound, what + "[" + i + "]");
            some |= Math.abs(exact) > bound;
        }
        assertTrue(some, what + " has a gradient somewhere");
    }

    private double[] slopes(double[] at, int i) {
        double kept = at[i];
        at[i] = kept + DoubleDifferences.STEP;
        double[] above = value();
        at[i] = kept - DoubleDifferences.STEP;
        double[] below = value();
        at[i] = kept;
        for (int j = 0; j < above.length; j++) {
            above[j] = (above[j] - below[j]) / (2 * DoubleDifferences.STEP);
        }
        return above;
    }
}
