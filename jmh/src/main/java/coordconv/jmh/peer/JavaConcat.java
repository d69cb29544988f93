package coordconv.jmh.peer;

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
        if (coordinates != null) {
            workload.join(coordinates, joined);
        }
    }

    @Override
    public float[] output() {
        return joined;
    }
}
