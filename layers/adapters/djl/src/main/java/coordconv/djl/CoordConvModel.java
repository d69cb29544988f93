package coordconv.djl;

import ai.djl.Model;
import coordconv.layers.Predictor;
import java.util.Objects;

/**
 * Networks of our layers, imported ones among them, as DJL models:
 *
 * {@snippet :
 * Layer network = OnnxImport.read(file).network();
 * Model model = CoordConvModel.of("detector", Predictor.of(network, Execution.INFERENCE));
 * try (var predictor = model.newPredictor(translator)) {
 *     Classifications found = predictor.predict(image);
 * }
 * }
 *
 * <p>The arrays are those of DJL's default engine; what the network computes, our kernels compute. Any number of DJL's
 * predictors, each for a thread of its own, share one copy of the weights.
 */
public final class CoordConvModel {
    private CoordConvModel() {}

    /**
     * A model whose block is a network.
     *
     * @param name of the model
     * @param predictor computes it
     * @return a model of the default engine, to be closed; it cannot be trained, saved or loaded
     */
    public static Model of(String name, Predictor predictor) {
        NetworkBlock block = new NetworkBlock(predictor);
        Model model = Model.newInstance(Objects.requireNonNull(name, "name"));
        model.setBlock(block);
        return model;
    }
}
