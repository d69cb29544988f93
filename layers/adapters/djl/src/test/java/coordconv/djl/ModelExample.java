package coordconv.djl;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Predictor;
import coordconv.onnx.OnnxImport;
import java.io.IOException;
import java.nio.file.Path;

/** The second example of the README, word for word; {@link ReadmeTest} compares the two, {@link ModelTest} runs it. */
final class ModelExample {
    private ModelExample() {}

    static <I, O> O run(Path file, Translator<I, O> translator, I image) throws IOException, TranslateException {
        // readme: from here
        Layer network = OnnxImport.read(file).network();
        Model model = CoordConvModel.of("network", Predictor.of(network, Execution.INFERENCE));
        try (var predictor = model.newPredictor(translator)) {   // one a thread; they share the weights
            return predictor.predict(image);
        }
        // readme: to here
    }
}
