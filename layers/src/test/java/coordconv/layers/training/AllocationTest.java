package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import coordconv.kernels.VectorWidth;
import coordconv.layers.Execution;
import coordconv.layers.Samples;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.GradientClipping;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Regularisation;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Steady-state training allocates nothing on the heap. */
class AllocationTest {
    private static final int WARM_UP = 20;
    private static final int WINDOW = 10;
    private static final int WINDOWS = 5;

    /** Looked up once: looking it up allocates about 1 kB, which would be counted too. */
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    @Test
    void aStepOfTheExampleNetworkAllocatesNothing() {
        Sequential model = ExampleNetworks.dcn2();
        model.initialise(1);
        Shape input = Shape.of(2, 3, 32, 32);
        Dataset data = new Dataset() {
            private final float[] pictures = Samples.gaussian(input, 1).data();

            @Override
            public int size() {
                return 2 * (WARM_UP + WINDOWS * WINDOW);
            }

            @Override
            public Shape inputShape() {
                return Shape.of(3, 32, 32);
            }

            @Override
            public Shape targetShape() {
                return Shape.of(1);
            }

            @Override
            public void read(int index, float[] into, int inputAt, float[] target, int targetAt) {
                System.arraycopy(pictures, index % 2 * 3 * 32 * 32, into, inputAt, 3 * 32 * 32);
                target[targetAt] = index;
            }
        };
        Trainer trainer = new Trainer(model, new MeanSquaredError(), new Adam(0.9, 0.99, 1e-8, new Regularisation(1e-6, 1e-6)),
                TrainingOptions.of(2, LearningRate.cosine(1e-3, 0, 1000)).withClipping(GradientClipping.byNorm(1))
                        // Vectors are boxed until the compiler has seen them often enough; scalar loops never are.
                        .withExecution(Execution.TRAINING.withWidth(VectorWidth.SCALAR)),
                data, Metrics.distance("distance", 1));
        long[] marks = new long[WINDOWS + 1];
        trainer.fit(1, new TrainingListener() {
            @Override
            public boolean onStep(Progress progress) {
                int done = (int) progress.step() - WARM_UP;
                if (done >= 0 && done % WINDOW == 0) {
                    marks[done / WINDOW] = allocated();
                }
                return true;
            }
        });
        long least = Long.MAX_VALUE;
        for (int i = 0; i < WINDOWS; i++) {
            least = Math.min(least, marks[i + 1] - marks[i]);
        }
        // What the JVM allocates on this thread once, such as for a class it loads late, spoils one window alone.
        assertEquals(0, least, "bytes in the best " + WINDOW + " steps");
    }
}
