class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.layers = nn.ModuleList()
        width = dim_in
        for wanted in (*dim_hids, dim_out):
            self.layers.append(TimeLinear(width, wanted, num_timesteps))
            width = wanted

    def forward(self, x, t):
        for number, layer in enumerate(self.layers, start=1):
            x = layer(x, t)
            if number < len(self.layers):
                x = x * torch.sigmoid(x)
        return x
