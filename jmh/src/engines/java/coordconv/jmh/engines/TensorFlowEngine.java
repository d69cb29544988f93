package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/** TensorFlow Java in graph mode, in NHWC, the only layout its CPU convolution takes. */
public final class TensorFlowEngine implements Engine {
    /** Loads the library. */
    public TensorFlowEngine() {
        TensorFlow.version();
    }

    @Override
    public String version() {
        return "TensorFlow " + TensorFlow.version();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        operation.requireForwardOrConcat("tensorflow");
        workload.requireOrdinary("tensorflow");
        return new Call(workload, operation);
    }

    private static final class Call implements PreparedCall {
        private final ConvGeometry g;
        private final Operation operation;
        private final Graph graph = new Graph();
        private final Session session;
        private final TFloat32 x;
        private final Operand<TFloat32> output;
        private Result result;

        Call(Workload workload, Operation operation) {
            g = workload.geometry();
            this.operation = operation;
            Ops tf = Ops.create(graph);
            int plane = g.height() * g.width();
            Placeholder<TFloat32> input = tf.placeholder(TFloat32.class,
                    Placeholder.shape(Shape.of(g.batch(), g.height(), g.width(), g.channels())));
            Operand<TFloat32> joined = input;
            if (workload.hasCoordinates()) {
                Constant<TFloat32> coordinates = constant(tf,
                        ChannelsLast.of(workload.coordinateTensor(), g.batch(), g.coords().count(), plane),
                        g.batch(), g.height(), g.width(), g.coords().count());
                List<Operand<TFloat32>> parts = new ArrayList<>(List.of(input));
                parts.add(workload.coordinatesFirst() ? 0 : 1, coordinates);
                joined = tf.concat(parts, tf.constant(3));
            }
            output = operation == Operation.CONCAT ? tf.identity(joined) : convolution(tf, joined, workload);
            session = new Session(graph, ConfigProto.newBuilder()
                    .setIntraOpParallelismThreads(workload.threads()).setInterOpParallelismThreads(1).build());
            x = TFloat32.tensorOf(Shape.of(g.batch(), g.height(), g.width(), g.channels()),
                    DataBuffers.of(ChannelsLast.of(workload.x(), g.batch(), g.channels(), plane)));
            this.input = input;
        }

        private final Placeholder<TFloat32> input;

        private Operand<TFloat32> convolution(Ops tf, Operand<TFloat32> joined, Workload workload) {
            int taps = g.kernelHeight() * g.kernelWidth();
            // [O, C, taps] to [taps, C, O] is two swaps of neighbours.
            float[] weights = ChannelsLast.of(workload.weights(), 1, g.outChannels(), g.joinedChannels() * taps);
            weights = ChannelsLast.swapOuter(weights, g.joinedChannels(), taps, g.outChannels());
            Constant<TFloat32> filter = constant(tf, weights,
                    g.kernelHeight(), g.kernelWidth(), g.joinedChannels(), g.outChannels());
            List<Long> strides = List.of(1L, (long) g.strideHeight(), (long) g.strideWidth(), 1L);
            Conv2d.Options dilations = Conv2d.dilations(1L, (long) g.dilationHeight(), (long) g.dilationWidth(), 1L);
            return tf.nn.conv2d(joined, filter, strides, "EXPLICIT", dilations,
                    Conv2d.explicitPaddings(0L, 0L, (long) g.padTop(), (long) g.padBottom(),
                            (long) g.padLeft(), (long) g.padRight(), 0L, 0L));
        }

        private static Constant<TFloat32> constant(Ops tf, float[] values, long... shape) {
            return tf.constant(Shape.of(shape), DataBuffers.of(values));
        }

        @Override
        public void run() {
            if (result != null) {
                result.close();
            }
            result = session.runner().feed(input, x).fetch(output).run();
        }

        @Override
        public float[] output() {
            int channels = operation == Operation.CONCAT ? g.joinedChannels() : g.outChannels();
            int plane = operation == Operation.CONCAT ? g.height() * g.width() : g.outHeight() * g.outWidth();
            float[] values = new float[g.batch() * channels * plane];
            ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values, false, false));
            return ChannelsLast.toFirst(values, g.batch(), channels, plane);
        }

        @Override
        public void close() {
            if (result != null) {
                result.close();
            }
            x.close();
            session.close();
            graph.close();
        }
    }
}
