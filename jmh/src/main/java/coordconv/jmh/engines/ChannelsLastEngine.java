package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.TensorLayout;

/**
 * This project on tensors with channels last, which lie so beforehand, as TensorFlow's do: forward passes of
 * layers. A network plans its layouts by itself.
 */
public final class ChannelsLastEngine extends CoordConvEngine {
    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        if (operation != Operation.FORWARD) {
            throw new UnsupportedOperationException("coordconv-nhwc: given " + operation.title() + ", needed a forward pass");
        }
        workload.requireNchw("coordconv-nhwc");
        ConvGeometry planes = workload.geometry();
        ConvGeometry g = planes.toBuilder().inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC).build();
        float[] x = ChannelsLast.of(workload.x(), g.batch(), g.channels(), g.height() * g.width());
        PreparedCall call = super.prepare(new Workload(g, workload.threads(), x, workload.weights()), operation);
        return new PreparedCall() {
            @Override
            public void run() throws Exception {
                call.run();
            }

            @Override
            public float[] output() throws Exception {
                return ChannelsLast.toFirst(call.output(), g.batch(), g.outChannels(), g.outHeight() * g.outWidth());
            }

            @Override
            public void close() throws Exception {
                call.close();
            }
        };
    }
}
