package sample;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * CoordConv on ND4J's arrays as they are: the kernels read the input from ND4J's own memory and write the
 * output there. The result is held against ND4J's concat and conv2d.
 */
public final class Main {
    private static final int BATCH = 2;
    private static final int CHANNELS = 14;
    private static final int SIZE = 20;
    private static final int OUT = 32;
    private static final int KERNEL = 3;

    private Main() {}

    /** The memory of an array in 'c' order that is no view of another: a region over it, nothing copied. */
    private static FloatRegion region(INDArray array) {
        if (array.ordering() != 'c' || array.isView() || array.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException("needed a FLOAT array in 'c' order: array.dup('c') makes one");
        }
        FloatBuffer memory = array.data().asNioFloat();
        require(MemorySegment.ofBuffer(memory).address() == array.data().address(), "ND4J gave a copy");
        return FloatRegion.of(memory);
    }

    /**
     * Computes a CoordConv twice and compares.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Nd4j.getRandom().setSeed(1);
        INDArray x = Nd4j.randn(DataType.FLOAT, BATCH, CHANNELS, SIZE, SIZE);
        INDArray weights = Nd4j.randn(DataType.FLOAT, OUT, CHANNELS + 2, KERNEL, KERNEL);
        INDArray y = Nd4j.create(DataType.FLOAT, BATCH, OUT, SIZE, SIZE);

        ConvGeometry geometry = ConvGeometry.builder()
                .input(BATCH, CHANNELS, SIZE, SIZE).outChannels(OUT).kernel(KERNEL, KERNEL).padding(1)
                .coords(CoordPreset.PADDLE).build();
        Conv2dPlan plan = Conv2dPlan.of(geometry);
        plan.forward(region(x), plan.pack(region(weights), null), region(y));

        INDArray joined = Nd4j.concat(1, x, coordinates());
        INDArray expected = conv2d(joined, weights);
        // Each of the two sums K products in single precision, in an order of its own.
        int products = (CHANNELS + 2) * KERNEL * KERNEL;
        INDArray bound = conv2d(Transforms.abs(joined), Transforms.abs(weights)).muli(2 * products * Math.ulp(1f) / 2);
        INDArray excess = Transforms.abs(y.sub(expected)).subi(bound);
        System.out.println(plan.describe());
        System.out.println("largest difference from ND4J " + Transforms.abs(y.sub(expected)).maxNumber());
        require(excess.maxNumber().floatValue() <= 0, "beyond what rounding explains, by " + excess.maxNumber());
        require(expected.stdNumber().floatValue() > 1, "ND4J computed nothing");
    }

    /** x, then y, from -1 to 1. */
    private static INDArray coordinates() {
        INDArray coordinates = Nd4j.create(DataType.FLOAT, BATCH, 2, SIZE, SIZE);
        for (int image = 0; image < BATCH; image++) {
            for (int row = 0; row < SIZE; row++) {
                for (int column = 0; column < SIZE; column++) {
                    coordinates.putScalar(image, 0, row, column, column / (SIZE - 1.0) * 2 - 1);
                    coordinates.putScalar(image, 1, row, column, row / (SIZE - 1.0) * 2 - 1);
                }
            }
        }
        return coordinates;
    }

    private static INDArray conv2d(INDArray x, INDArray weights) {
        INDArray y = Nd4j.create(DataType.FLOAT, BATCH, OUT, SIZE, SIZE);
        // Kernel, stride, padding, dilation; padding as given, NCHW data, [O, C, KH, KW] weights.
        Nd4j.exec(DynamicCustomOp.builder("conv2d").addInputs(x, weights).addOutputs(y)
                .addIntegerArguments(KERNEL, KERNEL, 1, 1, 1, 1, 1, 1, 0, 0, 1).build());
        return y;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
