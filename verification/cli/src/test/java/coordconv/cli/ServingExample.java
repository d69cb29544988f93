package coordconv.cli;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Predictor;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.util.Map;

/** The serving example of the README, word for word; {@link ReadmeTest} compares the two and runs it. */
final class ServingExample {
    private ServingExample() {}

    static Tensor[] run(Layer network, Tensor images) {
        // readme: from here
        Predictor predictor = Predictor.of(network, Execution.INFERENCE);   // made once, used by all threads
        Tensor y = predictor.predict(images);                               // a new tensor

        Shape shape = predictor.outputShapes(Map.of("x", images.shape())).get("y");
        Tensor mine = Tensor.zeros(shape);
        predictor.predict(images, mine);                                    // allocates nothing
        // readme: to here
        return new Tensor[] {y, mine};
    }
}
