package coordconv.layers.training;

import coordconv.layers.Execution;
import coordconv.layers.optimisers.GradientClipping;
import coordconv.layers.optimisers.LearningRate;
import java.util.Objects;

/**
 * How a model is trained.
 *
 * @param batchSize samples of a mini-batch
 * @param learningRate rate of each step
 * @param clipping what is done to the gradients before a step
 * @param seed of the shuffling
 * @param execution threads and kernels; gradients are needed
 * @param dropLast whether an epoch leaves out the few samples that fill no whole batch; else they are a smaller batch,
 *     for which the model is configured anew twice an epoch
 */
public record TrainingOptions(int batchSize, LearningRate learningRate, GradientClipping clipping, long seed,
                              Execution execution, boolean dropLast) {
    /** Refuses an empty batch and an execution without gradients. */
    public TrainingOptions {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize: given " + batchSize + ", needed at least 1");
        }
        Objects.requireNonNull(learningRate, "learningRate");
        Objects.requireNonNull(clipping, "clipping");
        if (!execution.gradients()) {
            throw new IllegalArgumentException("execution: given one without gradients, needed gradients");
        }
    }

    /**
     * Seed 0, no clipping, one thread, whole batches alone.
     *
     * @param batchSize samples of a mini-batch
     * @param learningRate rate of each step
     * @return the options
     */
    public static TrainingOptions of(int batchSize, LearningRate learningRate) {
        return new TrainingOptions(batchSize, learningRate, GradientClipping.NONE, 0, Execution.TRAINING, true);
    }

    /**
     * {@return these options with clipping}
     *
     * @param other what is done to the gradients before a step
     */
    public TrainingOptions withClipping(GradientClipping other) {
        return new TrainingOptions(batchSize, learningRate, other, seed, execution, dropLast);
    }

    /**
     * {@return these options with another seed}
     *
     * @param other seed of the shuffling
     */
    public TrainingOptions withSeed(long other) {
        return new TrainingOptions(batchSize, learningRate, clipping, other, execution, dropLast);
    }

    /**
     * {@return these options with other threads or kernels}
     *
     * @param other threads and kernels; gradients are needed
     */
    public TrainingOptions withExecution(Execution other) {
        return new TrainingOptions(batchSize, learningRate, clipping, seed, other, dropLast);
    }

    /**
     * {@return these options with another end of an epoch}
     *
     * @param drop whether an epoch leaves out the few samples that fill no whole batch
     */
    public TrainingOptions withDropLast(boolean drop) {
        return new TrainingOptions(batchSize, learningRate, clipping, seed, execution, drop);
    }
}
