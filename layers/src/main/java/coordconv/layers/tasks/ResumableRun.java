package coordconv.layers.tasks;

import coordconv.layers.Layer;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.TrainingListener;
import java.util.function.Consumer;

/**
 * Training one network of a task from scratch, which may stop and go on to the same bits.
 *
 * @param <R> what comes of it
 */
public sealed interface ResumableRun<R> permits TaskRun, KeypointRun {
    /**
     * Trains to the end.
     *
     * @param steps told of every step and epoch; it may stop the run
     * @param epochs receives each point of the learning curve
     * @return what came of it
     */
    R run(TrainingListener steps, Consumer<CurvePoint> epochs);

    /** {@return the network that is trained} */
    Layer network();

    /** {@return everything the run needs to continue where it stands} */
    Checkpoint checkpoint();

    /**
     * Continues where a checkpoint was taken: the weights come out as if the run had never stopped.
     *
     * @param from a checkpoint of a run of the same task, network, settings, data and seed
     * @return the epochs that were done
     * @throws IllegalArgumentException naming the entry that is missing or of another run, before anything is changed
     */
    int restore(Checkpoint from);
}
