package coordconv.cli;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.io.LoadReport;
import coordconv.layers.io.Weights;
import coordconv.layers.losses.PixelCrossEntropy;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.training.Dataset;
import coordconv.layers.training.Evaluator;
import coordconv.layers.training.Metrics;
import coordconv.layers.training.Trainer;
import coordconv.layers.training.TrainingListener;
import coordconv.layers.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;

/** The README's example of training. */
final class TrainingExample {
    private TrainingExample() {}

    static double run(Layer network, Dataset train, Dataset test, Path weights) throws IOException {
        // readme: from here
        network.initialise(1);
        LoadReport report = Weights.loadMatching(network, weights);   // takes what fits and tells what did not
        Trainer trainer = Trainer.builder(network)
                .loss(new PixelCrossEntropy().ignoring(255))
                .optimiser(new Adam())
                .options(TrainingOptions.of(4, LearningRate.constant(1e-2)).withDropLast(false))
                .data(train)
                .metric(Metrics.meanIntersectionOverUnion())
                .build();
        trainer.fit(20, TrainingListener.NONE);
        double accuracy = new Evaluator(network, 4, Execution.INFERENCE).evaluate(test, Metrics.pixelAccuracy());
        // readme: to here
        return report.isComplete() ? Double.NaN : accuracy;
    }
}
