package coordconv.verification.layers;

import coordconv.kernels.Activation;
import coordconv.layers.Execution;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.losses.SoftmaxCrossEntropy;
import coordconv.layers.optimisers.Optimiser;
import coordconv.layers.shaping.Flatten;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A small CoordConv classifier and its batch, trained by our own layers. */
final class TinyNetwork {
    static final Shape INPUT = Shape.of(6, 3, 8, 8);
    static final int HIDDEN = 6;
    static final int CLASSES = 5;
    static final float[] LABELS = {0, 1, 2, 3, 4, 2};
    /** The longest sum of any pass: gradients of the first weights sum over 6 images of 8 x 8. */
    static final int LONGEST_SUM = 6 * 64;

    private static final double U = Math.ulp(1f) / 2;

    final Sequential model = Sequential.builder()
            .add("first", new CoordConv2d(ConvSpec.of(3, HIDDEN, 3).withPadding(1).withActivation(Activation.RELU)))
            .add("second", new Conv2d(ConvSpec.of(HIDDEN, HIDDEN, 3).withStride(2).withActivation(Activation.RELU)))
            .add("flatten", new Flatten())
            .add("head", new Linear(HIDDEN * 9, CLASSES))
            .build();
    private final Tensor x = Tensor.zeros(INPUT);

    TinyNetwork() {
        model.initialise(21);
        Random random = new Random(22);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
    }

    float[] input() {
        return x.data();
    }

    /**
     * Trains on the one batch.
     *
     * @param perturbation where relative changes of the weights before each step come from, or null for none
     * @return every parameter after the last step
     */
    Map<String, float[]> train(Optimiser optimiser, double rate, int steps, Random perturbation) {
        Shape output = model.configure(INPUT, Execution.TRAINING);
        optimiser.bind(model.parameters());
        Tensor gradient = Tensor.zeros(output);
        Tensor labels = Tensor.of(LABELS, Shape.of(LABELS.length));
        for (int i = 0; i < steps; i++) {
            if (perturbation != null) {
                model.parameters().values().forEach(parameter -> perturb(parameter, perturbation));
            }
            new SoftmaxCrossEntropy().evaluate(model.forward(x, Phase.TRAINING), labels, gradient);
            model.backward(gradient);
            optimiser.step(rate);
        }
        Map<String, float[]> values = new LinkedHashMap<>();
        model.parameters().forEach((name, parameter) -> values.put(name, parameter.values().clone()));
        return values;
    }

    /** Each value by a relative amount of up to gamma of the longest sum: the rounding of a whole pass put into its data. */
    private static void perturb(Parameter parameter, Random random) {
        double gamma = LONGEST_SUM * U / (1 - LONGEST_SUM * U);
        float[] values = parameter.values();
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) (1 + gamma * (2 * random.nextDouble() - 1));
        }
        parameter.changed();
    }
}
