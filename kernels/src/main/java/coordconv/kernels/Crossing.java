package coordconv.kernels;

import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.ClampedRamp;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.engine.AlgorithmRequest;
import coordconv.kernels.internal.engine.ConvolutionEngine;
import coordconv.kernels.internal.engine.DeformableEngine;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Deformation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The one way from the public types to the engine, which knows none of them. */
final class Crossing {
    private static final boolean REPORT = Boolean.getBoolean("coordconv.report");
    private static final Set<VectorWidth> REPORTED = ConcurrentHashMap.newKeySet();

    private Crossing() {}

    /**
     * Plans a convolution.
     *
     * @param g the convolution; for a transposed one the convolution it is the adjoint of
     * @param outputCoords coordinates among its output channels: those of a transposed convolution
     * @param options activation, accumulation, width
     * @param transposed whether the forward pass runs against the convolution
     * @return the engine
     */
    static ConvolutionEngine engine(ConvGeometry g, CoordChannels outputCoords, PlanOptions options, boolean transposed) {
        ConvShape shape = shape(g, outputCoords);
        return new ConvolutionEngine(shape, reported(options.width()), function(options.activation()), alpha(options.activation()), transposed,
                options.accumulate(), request(g, shape, options.algorithm()), g);
    }

    /**
     * Plans a deformable convolution.
     *
     * @param g the convolution
     * @param options activation, accumulation, width
     * @return the engine
     */
    static DeformableEngine deformable(DeformableGeometry g, PlanOptions options) {
        Deformation deformation = new Deformation(g.deformableGroups(), g.masked(), g.order() == OffsetOrder.COLUMN_FIRST);
        return new DeformableEngine(shape(g.convolution(), CoordChannels.NONE), deformation, reported(options.width()),
                function(options.activation()), alpha(options.activation()), options.accumulate(), g);
    }

    private static coordconv.kernels.internal.simd.Activation function(Activation activation) {
        return activation.kind() == Activation.Kind.CLIPPED_RELU ? coordconv.kernels.internal.simd.Activation.CLIPPED_RELU
                : coordconv.kernels.internal.simd.Activation.ofSlope(activation.negativeSlope());
    }

    private static float alpha(Activation activation) {
        return activation.kind() == Activation.Kind.CLIPPED_RELU ? activation.cap() : activation.negativeSlope();
    }

    private static ConvShape shape(ConvGeometry g, CoordChannels outputCoords) {
        return new ConvShape(g.batch(), g.channels(), g.outChannels(), g.groups(), g.rows(), g.columns(),
                g.inputLayout() == TensorLayout.NHWC ? g.inputPitch() : 0,
                // Coordinates among the output channels are never in memory.
                g.outputLayout() == TensorLayout.NHWC ? g.outputPitch() - outputCoords.count() : 0,
                coords(g.coords()), coords(outputCoords));
    }

    private static Machine reported(VectorWidth width) {
        Machine machine = machine(width);
        if (REPORT && REPORTED.add(width)) {
            System.getLogger("coordconv.kernels").log(System.Logger.Level.INFO, KernelInfo.of(width).describe());
        }
        return machine;
    }

    private static AlgorithmRequest request(ConvGeometry g, ConvShape shape, ConvAlgorithm algorithm) {
        boolean served = g.kernelHeight() == 3 && g.kernelWidth() == 3 && g.strideHeight() == 1 && g.strideWidth() == 1
                && g.dilationHeight() == 1 && g.dilationWidth() == 1;
        // Text is made for those alone that are refused: to format numbers loads half a locale.
        if (!served && algorithm.isWinograd()) {
            throw Arguments.refuse("algorithm", algorithm + " for " + g,
                    "a kernel of 3x3, stride 1x1 and dilation 1x1, or another algorithm");
        }
        if (algorithm == ConvAlgorithm.DEPTHWISE && !ConvolutionEngine.hasGroupsOfFewChannels(shape)) {
            throw Arguments.refuse("algorithm", algorithm + " for " + g, "two or more groups of at most four channels in and out, without coordinates, or another algorithm");
        }
        return switch (algorithm) {
            case AUTO -> AlgorithmRequest.AUTO;
            case FAST -> AlgorithmRequest.FAST;
            case IM2COL -> AlgorithmRequest.IM2COL;
            case DEPTHWISE -> AlgorithmRequest.DEPTHWISE;
            case WINOGRAD2 -> AlgorithmRequest.WINOGRAD2;
            case WINOGRAD4 -> AlgorithmRequest.WINOGRAD4;
        };
    }

    /** {@return the machine that plans of a width are made for} */
    static Machine machine(VectorWidth width) {
        return width == VectorWidth.SCALAR ? Machine.scalar() : Machine.ofBits(width.bits());
    }

    /** Computes zeros before and after the micro-kernels are compiled. */
    static void warmUp(ConvolutionPlan plan, int inputs, int weights, int outputs, VectorWidth width, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        FloatRegion x = FloatRegion.of(new float[inputs]);
        FloatRegion y = FloatRegion.of(new float[outputs]);
        PackedWeights packed = plan.pack(FloatRegion.of(new float[weights]), null);
        plan.forward(x, packed, y, parallelism);
        machine(width).kernels().awaitCompiled();
        plan.forward(x, packed, y, parallelism);
    }

    private static Coords coords(CoordChannels channels) {
        List<Channel> list = channels.channels();
        Coords.Ramp[] first = new Coords.Ramp[list.size()];
        Coords.Ramp[] second = new Coords.Ramp[list.size()];
        double[] scale = new double[list.size()];
        Coords.Clamp[] clamp = new Coords.Clamp[list.size()];
        for (int c = 0; c < list.size(); c++) {
            Channel channel = list.get(c);
            // No switch, which takes ten milliseconds of a first call.
            if (channel instanceof Ramp ramp) {
                first[c] = ramp(ramp);
            } else if (channel instanceof Radius radius) {
                first[c] = ramp(radius.first());
                second[c] = ramp(radius.second());
                scale[c] = radius.scale();
            } else {
                ClampedRamp clamped = (ClampedRamp) channel;
                first[c] = ramp(clamped.ramp());
                clamp[c] = new Coords.Clamp(clamped.least(), clamped.reciprocal());
            }
        }
        return new Coords(first, second, scale, clamp, channels.placement() == Placement.BEFORE);
    }

    private static Coords.Ramp ramp(Ramp ramp) {
        return new Coords.Ramp(ramp.axis() == CoordChannels.Axis.COLUMN, ramp.start(), ramp.step());
    }
}
