package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;

/** Joins the coordinates to the input with array copies; without coordinates it does nothing. */
final class JavaConcat implements PreparedCall {
    private final Workload workload;
    private final float[] coordinates;
    private final float[] joined;

    JavaConcat(Workload workload) {
        this.workload = workload;
        coordinates = workload.hasCoordinates() ? workload.coordinateTensor() : null;
        joined = workload.hasCoordinates() ? new float[workload.joinedLength()] : workload.x();
    }

    @Override
    public void run() {
        if (coordinates == null) {
            return;
        }
        ConvGeometry g = workload.geometry();
        int features = g.channels() * g.height() * g.width();
        int extra = g.coords().count() * g.height() * g.width();
        boolean first = workload.coordinatesFirst();
        for (int n = 0; n < g.batch(); n++) {
            int image = n * (features + extra);
            System.arraycopy(workload.x(), n * features, joined, first ? image + extra : image, features);
            System.arraycopy(coordinates, n * extra, joined, first ? image : image + features, extra);
        }
    }

    @Override
    public float[] output() {
        return joined;
    }
}
