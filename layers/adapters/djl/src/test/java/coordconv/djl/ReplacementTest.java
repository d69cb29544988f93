package coordconv.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import coordconv.kernels.Parallelism;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Our convolutions in place of DJL's. Small whole numbers: no order of summation rounds, so equal is equal. */
class ReplacementTest extends EngineTest {
    private static final Shape IMAGES = new Shape(2, 4, 9, 8);

    private static Conv2d conv(int filters, int kernel, int padding, int stride, int groups, boolean bias) {
        return Conv2d.builder().setKernelShape(new Shape(kernel, kernel)).setFilters(filters).optPadding(new Shape(padding, padding))
                .optStride(new Shape(stride, stride)).optGroups(groups).optBias(bias).build();
    }

    /** Calls a convolution twice, which nobody outside can know. */
    private static final class Twice extends AbstractBlock {
        private final Block inner = addChildBlock("inner", conv(4, 3, 1, 1, 1, true));

        @Override
        protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            return inner.forward(store, inner.forward(store, inputs, training), training);
        }

        @Override
        public void initializeChildBlocks(ai.djl.ndarray.NDManager manager, DataType type, Shape... shapes) {
            inner.initialize(manager, type, shapes);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return shapes;
        }
    }

    private Block trained() {
        Block residual = new ParallelBlock(list -> new NDList(list.get(0).head().add(list.get(1).head())),
                List.of(new SequentialBlock().add(conv(4, 3, 1, 1, 2, true)).add(Activation::relu), conv(4, 1, 0, 1, 1, false)));
        Block block = new SequentialBlock().add(conv(4, 3, 1, 2, 1, true)).add(Activation::relu).add(residual).add(new Twice())
                .add(conv(2, 2, 1, 1, 1, true));
        block.initialize(manager, DataType.FLOAT32, IMAGES);
        Random random = new Random(1);
        for (Parameter parameter : block.getParameters().values()) {
            parameter.getArray().set(whole(random, (int) parameter.getArray().size()));
        }
        return block;
    }

    private static float[] whole(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(3) - 1;
        }
        return values;
    }

    private NDArray run(Block block) {
        NDArray x = manager.create(whole(new Random(2), (int) IMAGES.size()), IMAGES);
        return block.forward(new ParameterStore(manager, false), new NDList(x), false).singletonOrThrow();
    }

    @Test
    void theNewTreeComputesTheSameAndTheReportIsComplete() {
        Block trained = trained();
        float[] expected = run(trained).toFloatArray();
        Replacement done = Replacement.of(trained, Parallelism.SERIAL);
        assertArrayEquals(expected, run(done.block()).toFloatArray());
        assertEquals(List.of("01Conv2d", "03ParallelBlock.01SequentialBlock.01Conv2d", "03ParallelBlock.02Conv2d", "05Conv2d"),
                done.replaced());
        assertEquals(Map.of("04Twice.01inner", "it is a part of " + Twice.class.getName() + ", which calls it by itself"), done.kept());
        // The trained tree is as it was, and what happens to it does not reach the convolutions of the other.
        assertArrayEquals(expected, run(trained).toFloatArray());
        trained.getParameters().get("01Conv2d_weight").getArray().muli(0);
        assertArrayEquals(expected, run(done.block()).toFloatArray());
        assertFalse(done.block().getParameters().get("01CoordConv2d_weight").getArray().hasGradient(), "packed once");
    }

    @Test
    void aConvolutionAloneIsReplacedAndWhatCannotBeIsNot() {
        Conv2d alone = conv(3, 3, 1, 1, 1, true);
        assertEquals(Map.of("", "it has no weights yet"), Replacement.of(alone, Parallelism.SERIAL).kept());
        alone.initialize(manager, DataType.FLOAT32, IMAGES);
        Replacement done = Replacement.of(alone, Parallelism.SERIAL);
        assertEquals(List.of(""), done.replaced());
        assertEquals(CoordConv2d.class, done.block().getClass());
        Block line = new SequentialBlock().add(Conv1d.builder().setKernelShape(new Shape(3)).setFilters(2).build());
        Replacement none = Replacement.of(line, Parallelism.SERIAL);
        assertSame(line, none.block());
        assertEquals(Map.of("01Conv1d", "it is a " + Conv1d.class.getName()), none.kept());
        assertEquals(Map.of("", "it is ours already"), Replacement.of(done.block(), Parallelism.SERIAL).kept());
    }
}
